package dev.warren.worker.link;

import org.jspecify.annotations.Nullable;

/**
 * Calls to run one after another, in order.
 *
 * @param task number of the task within its supervisor
 * @param from position of the first of these calls in the task
 * @param count how many
 * @param fn function, {@code class::method(descriptor)}
 * @param digest its class file's digest; null for none
 * @param captured whether the first line after the header is an array of arguments that go in front
 *     of each call's own
 * @param job the job's name
 * @param calls the calls' numbers, {@code 17-23,25}
 * @param attempt number of the attempt
 * @param softMs soft time limit of each call; 0 for none
 * @param hardMs hard time limit of each call, watched by the supervisor; 0 for none
 * @param flushEach whether each outcome must be written before the next call starts, and a RUNNING
 *     frame before each call
 * @param retryOn exception classes worth another attempt, comma separated; null for all
 */
public record CallsHeader(
    long task,
    int from,
    int count,
    String fn,
    @Nullable String digest,
    boolean captured,
    String job,
    String calls,
    int attempt,
    long softMs,
    long hardMs,
    boolean flushEach,
    @Nullable String retryOn) {}
