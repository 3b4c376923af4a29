/**
 * The worker: one per host. {@link dev.warren.worker.Worker} connects a broker's tasks to a
 * supervisor and its children, and defines the order in which they start and stop.
 *
 * <p>Door: {@link dev.warren.worker.Worker}, {@link dev.warren.worker.config.WorkerConfig}, {@code
 * WorkerMain}.
 */
@NullMarked
package dev.warren.worker;

import org.jspecify.annotations.NullMarked;
