/**
 * Children and the assignment of calls to them: slots, spares, recycling, restarts and evidence of
 * ends, all on the worker's event loop. The only package that starts processes.
 *
 * <p>Everything here is confined to the loop thread unless its comment says otherwise; other
 * threads post to {@link dev.warren.lifecycle.EventLoop}. No state is guarded by a lock.
 *
 * <p>Door: {@link dev.warren.worker.supervise.Supervisor}, {@link
 * dev.warren.worker.supervise.calls.TaskCalls}.
 */
@NullMarked
package dev.warren.worker.supervise;

import org.jspecify.annotations.NullMarked;
