/**
 * Queues in memory with the guarantees of the RabbitMQ ones, for {@code local:} pools and for
 * tests.
 *
 * <p>Door: {@link dev.warren.broker.memory.InMemoryBroker}. Thread-safe; deliveries arrive on a
 * broker thread of its own.
 */
@NullMarked
package dev.warren.broker.memory;

import org.jspecify.annotations.NullMarked;
