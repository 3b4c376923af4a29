/**
 * What to do with a task that arrives again: ask the other workers whether one of them still holds
 * it, and charge the loss of a host to the right task.
 *
 * <p>Door: {@link dev.warren.worker.consume.redelivery.RedeliveryArbiter}, {@link
 * dev.warren.worker.consume.redelivery.HostLossRecovery}. Confined to the worker's loop.
 */
@NullMarked
package dev.warren.worker.consume.redelivery;

import org.jspecify.annotations.NullMarked;
