/**
 * {@code warren coordinator}: jobs as a service. The main thread waits for a signal, which arrives
 * on a thread of the JVM.
 *
 * <p>Door: {@link dev.warren.cli.coordinator.CoordinatorCommand}.
 */
@NullMarked
package dev.warren.cli.coordinator;

import org.jspecify.annotations.NullMarked;
