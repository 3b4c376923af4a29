package dev.warren.worker.supervise;

import dev.warren.lifecycle.Printable;
import dev.warren.wire.control.ControlLimits;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.StateReport;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.supervise.calls.CallsInHand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each child a number, so that reports can show which child follows which: a child keeps its
 * slot until it has ended, then the oldest spare gets it. Nothing is decided by these numbers.
 * Confined to the loop.
 */
final class ChildSlots {
  /** A cut name has this many code points, of one or two characters each. */
  private static final int LONGEST_NAME = ControlLimits.NAME / 2;

  private final Slot[] slots;
  private final List<Child> spares = new ArrayList<>();
  private final long memoryLimit;
  private long lost;

  private static final class Slot {
    private @Nullable Child child;
    private long ends;
    private @Nullable String lastEnd;
    private @Nullable String lastEndText;
  }

  /**
   * Creates empty slots.
   *
   * @param memoryLimit bytes at which a child is recycled or killed; 0 for no limit
   */
  ChildSlots(int count, long memoryLimit) {
    this.memoryLimit = memoryLimit;
    slots = new Slot[count];
    for (int i = 0; i < count; i++) {
      slots[i] = new Slot();
    }
  }

  /** The slots of a worker with these settings. */
  static ChildSlots of(WorkerConfig config) {
    long soft = config.maxMemoryPerChild();
    return new ChildSlots(config.processes(), soft > 0 ? soft : config.hardMaxMemoryPerChild());
  }

  /** A child was started. */
  void added(Child child) {
    for (Slot slot : slots) {
      if (slot.child == null) {
        slot.child = child;
        return;
      }
    }
    spares.add(child);
  }

  /** A child has ended; its state is still the one before its end. */
  void removed(Child child) {
    lost += isLost(child) ? 1 : 0;
    if (spares.remove(child)) {
      return;
    }
    for (Slot slot : slots) {
      if (slot.child == child) {
        slot.ends++;
        slot.lastEnd = label(child);
        slot.lastEndText = text(child);
        slot.child = spares.isEmpty() ? null : spares.remove(0);
      }
    }
  }

  private static boolean isLost(Child child) {
    return child.state() == Child.State.READY;
  }

  private static String label(Child child) {
    Recycling planned = planned(child);
    Killing killing = child.killing();
    if (planned != null) {
      return planned.reason().label();
    }
    return killing == null ? "lost" : killing.reason().label();
  }

  private static String text(Child child) {
    Recycling planned = planned(child);
    Killing killing = child.killing();
    if (planned != null) {
      return planned.text();
    }
    return killing == null ? "ended unexpectedly" : killing.text();
  }

  /**
   * Why it was told to leave, also if its process had to be killed afterwards; null if it was not.
   */
  private static @Nullable Recycling planned(Child child) {
    return child.state() == Child.State.LEAVING ? child.recycling() : null;
  }

  /** Number of children that ended although they were not told to, or were killed. */
  long lost() {
    return lost;
  }

  /** The slots in order, then the spares; at most {@link StateReport#MAX_CHILDREN}. */
  List<SlotReport> report(long now) {
    List<SlotReport> reports = new ArrayList<>();
    for (int i = 0; i < slots.length && i < StateReport.MAX_CHILDREN; i++) {
      reports.add(report(i, slots[i], slots[i].child, now));
    }
    Slot none = new Slot();
    for (Child spare : spares) {
      if (reports.size() < StateReport.MAX_CHILDREN) {
        reports.add(report(-1, none, spare, now));
      }
    }
    return reports;
  }

  private SlotReport report(int number, Slot slot, @Nullable Child child, long now) {
    if (child == null) {
      return new SlotReport(
          number,
          null,
          0,
          SlotReport.State.EMPTY,
          0,
          0,
          0,
          0,
          null,
          0,
          null,
          0,
          slot.ends,
          slot.lastEnd,
          slot.lastEndText);
    }
    CallsInHand.RunningCall call = child.runningCall(now);
    return new SlotReport(
        number,
        child.name,
        child.pid(),
        state(child),
        child.callsGiven(),
        child.maxCalls(),
        child.usage.memory(),
        memoryLimit,
        call == null ? null : Printable.cut(call.job(), LONGEST_NAME),
        call == null ? 0 : call.number(),
        call == null ? null : Printable.cut(call.function(), LONGEST_NAME),
        call == null ? 0 : call.millis(),
        slot.ends,
        slot.lastEnd,
        slot.lastEndText);
  }

  private static SlotReport.State state(Child child) {
    if (child.killing() != null) {
      return SlotReport.State.LEAVING;
    }
    return switch (child.state()) {
      case STARTING -> SlotReport.State.STARTING;
      case BLANK -> SlotReport.State.IDLE; // it waits for the first call
      case INITIALISING -> SlotReport.State.INITIALIZING;
      case READY -> child.idle() ? SlotReport.State.IDLE : SlotReport.State.BUSY;
      case LEAVING, GONE -> SlotReport.State.LEAVING;
    };
  }
}
