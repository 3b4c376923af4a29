/**
 * Time, threads and states. The only package that creates threads or reads a clock.
 *
 * <p>Door: {@link dev.warren.lifecycle.NamedThreads}, {@link dev.warren.lifecycle.TimeSource},
 * {@link dev.warren.lifecycle.StateMachine}.
 */
@NullMarked
package dev.warren.lifecycle;

import org.jspecify.annotations.NullMarked;
