/**
 * Deliveries in, settlements out: from a message of the task queue to calls for the supervisor, and
 * from outcomes to result messages, retries, the dead-letter queue and finally the acknowledgement.
 * Confined to the worker's loop; the broker's threads only post to it.
 *
 * <p>Door: {@link dev.warren.worker.consume.TaskConsumer}.
 */
@NullMarked
package dev.warren.worker.consume;

import org.jspecify.annotations.NullMarked;
