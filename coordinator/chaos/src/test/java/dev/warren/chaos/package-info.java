/**
 * The fault kit: scenarios that break things under a working pool, and what must hold afterwards.
 *
 * <p>A {@link dev.warren.chaos.Scenario} says in a sentence what is broken, plays it on a {@link
 * dev.warren.chaos.Stage} (a virtual host of a real broker, real {@code warren worker} processes
 * with real children, a pool), and says how its calls must end. {@link dev.warren.chaos.Invariants}
 * then looks at everything that could be lost, doubled or left over. {@link
 * dev.warren.chaos.Matrix} runs all of them on the versions of RabbitMQ that matter to each. To add
 * one, write it into one of the {@code *Scenarios} classes.
 */
@NullMarked
package dev.warren.chaos;

import org.jspecify.annotations.NullMarked;
