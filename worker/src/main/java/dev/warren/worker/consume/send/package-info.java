/**
 * Messages that a worker publishes: again after a failure, to the delay ladder, to the dead queue,
 * each kept until the broker has confirmed it.
 *
 * <p>Door: {@link dev.warren.worker.consume.send.Republisher}, {@link
 * dev.warren.worker.consume.send.RetryingPublisher}, {@link
 * dev.warren.worker.consume.send.DeadLetterer}. Confined to the worker's loop.
 */
@NullMarked
package dev.warren.worker.consume.send;

import org.jspecify.annotations.NullMarked;
