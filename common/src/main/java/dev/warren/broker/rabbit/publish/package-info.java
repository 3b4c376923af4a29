/**
 * Publishing to RabbitMQ with confirms: unconfirmed messages are kept and sent again on the next
 * connection, within a bound on their bytes.
 *
 * <p>Door: {@link dev.warren.broker.rabbit.publish.RabbitPublisher}. Thread-safe; confirms complete
 * futures on the broker's publisher thread.
 */
@NullMarked
package dev.warren.broker.rabbit.publish;

import org.jspecify.annotations.NullMarked;
