/**
 * The broker as the rest of Warren sees it: the contract that RabbitMQ and the in-memory broker
 * both keep, its failures, and the names of all queues and exchanges.
 *
 * <p>Door: {@link dev.warren.broker.Broker}, {@link dev.warren.broker.PoolNames}, {@link
 * dev.warren.broker.BrokerUri}. The implementations are {@code broker.rabbit.RabbitBroker} and
 * {@code broker.memory.InMemoryBroker}. No threads of its own.
 */
@NullMarked
package dev.warren.broker;

import org.jspecify.annotations.NullMarked;
