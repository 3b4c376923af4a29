package dev.warren.worker.link;

/**
 * Outcomes of consecutive calls of one task.
 *
 * @param task number of the task within its supervisor
 * @param from position of the first of these calls in the task
 * @param count how many lines follow
 * @param busyMicros time spent inside these calls, all together
 */
public record OutcomesHeader(long task, int from, int count, long busyMicros) {}
