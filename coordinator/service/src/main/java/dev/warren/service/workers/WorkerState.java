package dev.warren.service.workers;

import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.StateReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a worker. Immutable.
 *
 * @param beat its last heartbeat; null if only a report has arrived
 * @param report its last report; null if there is none, as of a worker of an older version
 * @param ageMillis how long ago the later of both arrived
 * @param reportedAtMillis when the report arrived, by this process's clock
 * @param lately what has happened in about the last minute
 */
public record WorkerState(
    String id,
    @Nullable Heartbeat beat,
    @Nullable StateReport report,
    long ageMillis,
    long reportedAtMillis,
    Lately lately) {

  /**
   * What has happened to a worker in about the last minute. Immutable.
   *
   * @param lost children lost
   * @param ended calls ended
   * @param failed how many of them failed
   */
  public record Lately(long lost, long ended, long failed) {
    static final Lately NOTHING = new Lately(0, 0, 0);
  }

  private static final int MAX_TROUBLE = 100;
  private static final int LOST_CHILD = 20;
  private static final int ALL_FAILED = 60;
  private static final int DRAINING = 5;
  private static final int SILENT = 50;

  public String host() {
    return report != null ? report.host() : beat != null ? beat.host() : "?";
  }

  public long pid() {
    return report != null ? report.pid() : beat != null ? beat.pid() : 0;
  }

  /** Number of calls that it can run at once, also while it drains. */
  public int slots() {
    return report != null ? report.slots() : beat != null ? beat.slots() : 0;
  }

  /** Number of slots whose child runs calls. */
  public int busy() {
    return report != null ? count(SlotReport.State.BUSY) : beat != null ? beat.busy() : 0;
  }

  /** Number of slots whose child does not take calls yet. */
  public int starting() {
    return count(SlotReport.State.STARTING)
        + count(SlotReport.State.INITIALIZING)
        + count(SlotReport.State.EMPTY);
  }

  private int count(SlotReport.State state) {
    return (int) slotReports().stream().filter(slot -> slot.state() == state).count();
  }

  /** Its slots, without spares; empty if it has not reported. */
  public List<SlotReport> slotReports() {
    return report == null
        ? List.of()
        : report.children().stream().filter(slot -> slot.slot() >= 0).toList();
  }

  /** Number of spares. */
  public int spares() {
    return report == null ? 0 : report.children().size() - slotReports().size();
  }

  public boolean isDraining() {
    return report != null ? report.draining() : beat != null && beat.slots() == 0;
  }

  /** Number of children recycled since it started. */
  public long recycled() {
    return report != null ? report.recycled() : beat != null ? beat.recycled() : 0;
  }

  /** How much an operator should look at it, 0 to 100. */
  public int trouble() {
    long failed = lately.ended() == 0 ? 0 : ALL_FAILED * lately.failed() / lately.ended();
    long trouble = LOST_CHILD * lately.lost() + failed + (isDraining() ? DRAINING : 0);
    return (int) Math.min(MAX_TROUBLE, trouble + (isLate() ? SILENT : 0));
  }

  /** Whether it should have been heard of again. */
  public boolean isLate() {
    long interval =
        report != null ? report.intervalMillis() : beat != null ? beat.intervalMillis() : 0;
    return interval > 0 && ageMillis > 2 * interval + 1_000;
  }
}
