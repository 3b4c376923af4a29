/**
 * The broker: RabbitMQ, or queues in memory with the same guarantees. The only package that imports
 * com.rabbitmq. Everything that must survive a lost connection (declarations, unconfirmed messages,
 * subscriptions) is kept in tables here and restored on the next one.
 *
 * <p>Door: {@link dev.warren.broker.Broker} with its two implementations, {@code RabbitBroker} and
 * {@code InMemoryBroker}; {@link dev.warren.broker.PoolNames}.
 */
@NullMarked
package dev.warren.broker;

import org.jspecify.annotations.NullMarked;
