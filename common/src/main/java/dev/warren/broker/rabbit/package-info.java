/**
 * RabbitMQ as a {@link dev.warren.broker.Broker}. Everything that must survive a lost connection
 * (declarations, unconfirmed messages, subscriptions) is kept in tables and restored on the next
 * connection. {@code com.rabbitmq} is imported in this package and its subpackages only.
 *
 * <p>Door: {@link dev.warren.broker.rabbit.RabbitBroker}, {@link
 * dev.warren.broker.rabbit.QueueBrowser}.
 */
@NullMarked
package dev.warren.broker.rabbit;

import org.jspecify.annotations.NullMarked;
