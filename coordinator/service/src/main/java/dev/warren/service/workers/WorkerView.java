package dev.warren.service.workers;

import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.StateReport;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the API lists it. Immutable.
 *
 * @param id unique per start of the worker
 * @param host its host's name
 * @param pid its process id
 * @param version version of its program; null if it has not told
 * @param slots number of calls it can run at once; 0 while it drains
 * @param busy number of slots that are running a call
 * @param draining whether it accepts no more tasks
 * @param tasks number of messages that it holds
 * @param recycled number of children it has recycled
 * @param lost number of children that died unexpectedly or were killed
 * @param ageMillis how long ago it was heard of
 */
public record WorkerView(
    String id,
    String host,
    long pid,
    @Nullable String version,
    int slots,
    int busy,
    boolean draining,
    int tasks,
    long recycled,
    long lost,
    long ageMillis) {

  static WorkerView of(WorkerState state) {
    Heartbeat beat = state.beat();
    StateReport report = state.report();
    return new WorkerView(
        state.id(),
        state.host(),
        state.pid(),
        report == null ? null : report.program(),
        state.isDraining() ? 0 : state.slots(),
        state.busy(),
        state.isDraining(),
        beat == null ? 0 : beat.held().size(),
        state.recycled(),
        report == null ? 0 : report.lost(),
        state.ageMillis());
  }
}
