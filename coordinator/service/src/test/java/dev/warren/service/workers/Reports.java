package dev.warren.service.workers;

import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.SlotReport.State;
import dev.warren.wire.control.StateReport;
import java.util.ArrayList;
import java.util.List;

/** Reports of workers for tests. */
public final class Reports {
  private Reports() {}

  /** A slot with a child in this state. */
  public static SlotReport slot(int number, State state) {
    String child = state == State.EMPTY ? null : "w-" + number;
    return new SlotReport(
        number, child, 1, state, 25, 100, 50 << 20, 200 << 20, null, 0, null, 0, 3, "calls", "ran");
  }

  /** A report with these counts, and slots in these states. */
  public static StateReport report(
      String id, long sequence, long ended, long failed, long lost, State... states) {
    List<SlotReport> slots = new ArrayList<>();
    for (State state : states) {
      slots.add(slot(slots.size(), state));
    }
    return new StateReport(
        id,
        "host-" + id,
        42,
        sequence,
        2000,
        "1.0",
        states.length,
        false,
        0,
        ended,
        failed,
        7,
        lost,
        slots);
  }

  /** A worker that has just reported. */
  public static WorkerState worker(String id, State... states) {
    StateReport report = report(id, 1, 100, 0, 0, states);
    return new WorkerState(id, null, report, 0, 0, WorkerState.Lately.NOTHING);
  }
}
