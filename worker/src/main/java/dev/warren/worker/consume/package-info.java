/**
 * Deliveries in, settlements out: from a message on the task queue to calls for the supervisor, and
 * from outcomes to result messages, retries, the dead queue and, last, the acknowledgement.
 * Confined to the worker's loop; the broker's threads only post to it.
 *
 * <p>Door: {@link dev.warren.worker.consume.TaskConsumer}.
 */
@NullMarked
package dev.warren.worker.consume;

import org.jspecify.annotations.NullMarked;
