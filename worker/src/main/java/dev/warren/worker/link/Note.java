package dev.warren.worker.link;

import org.jspecify.annotations.Nullable;

/**
 * Something a call wants said.
 *
 * @param task number of the task within its supervisor
 * @param index position of the call in the task
 * @param log a line for the log; null for none
 * @param progress how far the call is, 0 to 1; null for none
 */
public record Note(long task, int index, @Nullable String log, @Nullable Double progress) {}
