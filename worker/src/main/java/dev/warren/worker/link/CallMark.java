package dev.warren.worker.link;

/**
 * Points at one call of one task.
 *
 * @param task number of the task within its supervisor
 * @param index position of the call in the task
 * @param ranMicros how long it has been running (RUNNING); 0 elsewhere
 */
public record CallMark(long task, int index, long ranMicros) {}
