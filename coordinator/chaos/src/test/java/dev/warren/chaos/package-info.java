/**
 * The fault kit: scenarios that inject faults into a working pool, and the invariants that must
 * hold afterwards.
 *
 * <p>A {@link dev.warren.chaos.Scenario} names the fault in a sentence, plays it on a {@link
 * dev.warren.chaos.Stage} (a virtual host of a real broker, real {@code warren worker} processes
 * with real children, a pool or a {@link dev.warren.chaos.DurableJob}), and specifies how its calls
 * must end. {@link dev.warren.chaos.Invariants} then checks that nothing is lost, duplicated or
 * left over. {@link dev.warren.chaos.Matrix} runs all of them on their versions of RabbitMQ. To add
 * a scenario, write it into one of the {@code *Scenarios} classes.
 */
@NullMarked
package dev.warren.chaos;

import org.jspecify.annotations.NullMarked;
