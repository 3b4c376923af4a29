/**
 * Calls on their way through a supervisor: refused, waiting, assigned to a child, in a child, and
 * how long they usually take.
 *
 * <p>Door: {@link dev.warren.worker.supervise.calls.TaskCalls}, {@link
 * dev.warren.worker.supervise.calls.CallsInHand}. Confined to the worker's loop.
 */
@NullMarked
package dev.warren.worker.supervise.calls;

import org.jspecify.annotations.NullMarked;
