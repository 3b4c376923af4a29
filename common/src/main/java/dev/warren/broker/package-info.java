/**
 * The broker: RabbitMQ, or a queue in memory with the same promises. The only package that imports
 * com.rabbitmq. Everything that must outlive a connection (declarations, unconfirmed messages,
 * subscriptions) is kept in tables here and rebuilt on a new one.
 *
 * <p>Door: {@link dev.warren.broker.Broker} with its two makers, {@code RabbitBroker} and {@code
 * InMemoryBroker}; {@link dev.warren.broker.PoolNames}.
 */
@NullMarked
package dev.warren.broker;

import org.jspecify.annotations.NullMarked;
