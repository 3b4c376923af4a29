/**
 * Consuming from RabbitMQ: one channel per consumer, deliveries on the broker's consumer thread,
 * acknowledgements in batches, and everything restored after a lost connection, a cancelled
 * consumer or a deleted queue.
 *
 * <p>Door: {@link dev.warren.broker.rabbit.consume.RabbitConsumer}.
 */
@NullMarked
package dev.warren.broker.rabbit.consume;

import org.jspecify.annotations.NullMarked;
