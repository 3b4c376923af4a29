package dev.warren.wire.control;

import dev.warren.wire.WireFormatException;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a worker, or one spare, in a {@link StateReport}. Immutable.
 *
 * @param slot number of the slot, from 0; -1 for a spare
 * @param child name of the child; null if the slot is empty
 * @param pid its process id; 0 if it has none
 * @param state what it does
 * @param calls number of calls it was given
 * @param maxCalls number of calls after which it is recycled; 0 for no limit
 * @param memory resident bytes of it and its descendants when last read; 0 if never
 * @param maxMemory limit of {@code memory}; 0 for none
 * @param job job of the running call; null if no call is known to run, which short calls never are
 * @param call number of the running call
 * @param function function of the running call; null if no call is known to run
 * @param runningMillis how long the call has been running
 * @param ends number of children that have ended in this slot
 * @param lastEnd why the last of them ended: a label of a reason, or {@code lost}; null if none did
 * @param lastEndText the same with the measured value; null if none did
 */
public record SlotReport(
    int slot,
    @Nullable String child,
    long pid,
    State state,
    long calls,
    long maxCalls,
    long memory,
    long maxMemory,
    @Nullable String job,
    long call,
    @Nullable String function,
    long runningMillis,
    long ends,
    @Nullable String lastEnd,
    @Nullable String lastEndText) {

  /** What a slot's child does. */
  public enum State {
    EMPTY,
    STARTING,
    INITIALIZING,
    IDLE,
    BUSY,
    /** It is being recycled or killed. */
    LEAVING
  }

  void check() {
    if (state == null) {
      throw new WireFormatException("state of slot " + slot + " is missing");
    }
    ControlLimits.number("slot", slot, -1, ControlLimits.SLOTS);
    ControlLimits.number("pid", pid, 0, Integer.MAX_VALUE);
    ControlLimits.number("calls", calls, 0, Long.MAX_VALUE);
    ControlLimits.number("maxCalls", maxCalls, 0, Long.MAX_VALUE);
    ControlLimits.number("memory", memory, 0, Long.MAX_VALUE);
    ControlLimits.number("maxMemory", maxMemory, 0, Long.MAX_VALUE);
    ControlLimits.number("call", call, 0, Long.MAX_VALUE);
    ControlLimits.number("runningMillis", runningMillis, 0, Long.MAX_VALUE);
    ControlLimits.number("ends", ends, 0, Long.MAX_VALUE);
    ControlLimits.optional("child", child);
    ControlLimits.optional("job", job);
    ControlLimits.optional("function", function);
    ControlLimits.optional("lastEnd", lastEnd);
    ControlLimits.optional("lastEndText", lastEndText);
  }
}
