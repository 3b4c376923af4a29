package dev.warren.worker.link;

/**
 * Consecutive calls of one task that a child gives back unbegun. Of several such frames the one
 * with the calls given last comes first.
 *
 * @param task number of the task within its supervisor
 * @param from position of the first of these calls in the task
 * @param count how many they are
 */
public record ReturnedHeader(long task, int from, int count) {}
