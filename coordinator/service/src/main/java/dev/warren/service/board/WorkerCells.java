package dev.warren.service.board;

import dev.warren.service.workers.WorkerState;
import dev.warren.wire.control.StateReport;
import org.jspecify.annotations.Nullable;

/**
 * A worker with its slots, as views show it. Immutable.
 *
 * @param trouble how much an operator should look at it, 0 to 100
 * @param at when it reported last, by this coordinator's clock
 * @param reported whether its slots are known
 * @param maxCalls calls after which a child is replaced; 0 for no limit
 * @param cells its slots, six bytes each, in base 64
 */
public record WorkerCells(
    String id,
    String host,
    long pid,
    @Nullable String version,
    int slots,
    int busy,
    boolean draining,
    int trouble,
    long callsEnded,
    long callsFailed,
    long recycled,
    long lost,
    long waiting,
    long memory,
    long at,
    boolean reported,
    int spares,
    long maxCalls,
    String cells) {
  /** Describes a worker. */
  public static WorkerCells of(WorkerState state) {
    StateReport report = state.report();
    return new WorkerCells(
        state.id(),
        state.host(),
        state.pid(),
        report == null ? null : report.program(),
        state.slots(),
        state.busy(),
        state.isDraining(),
        state.trouble(),
        report == null ? 0 : report.callsEnded(),
        report == null ? 0 : report.callsFailed(),
        state.recycled(),
        report == null ? 0 : report.lost(),
        report == null ? 0 : report.waiting(),
        state.slotReports().stream().mapToLong(slot -> slot.memory()).sum(),
        state.reportedAtMillis(),
        report != null,
        state.spares(),
        state.slotReports().stream().mapToLong(slot -> slot.maxCalls()).max().orElse(0),
        SlotCells.encode(state.slotReports()));
  }
}
