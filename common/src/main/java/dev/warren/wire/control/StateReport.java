package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;

/**
 * What a worker and each of its children do, for people who watch. Published on the pool's events
 * exchange with each heartbeat, and every {@link #WATCHED_MS} while somebody watches ({@link
 * WatchMessage}). Nothing is decided by it. Immutable.
 *
 * @param supervisor the worker's id
 * @param host host name
 * @param pid its process id
 * @param sequence counts up from 1
 * @param intervalMillis maximum time until its next report
 * @param program version of the program
 * @param slots number of calls it can run at once
 * @param draining whether it accepts no more tasks
 * @param waiting number of calls that wait for a child here
 * @param callsEnded number of attempts of calls that ended here
 * @param callsFailed how many of them threw, were refused or lost their child
 * @param recycled number of children recycled since it started
 * @param lost number of children that died unexpectedly or were killed
 * @param children its slots in order, then its spares; at most {@link #MAX_CHILDREN}
 */
public record StateReport(
    String supervisor,
    String host,
    long pid,
    long sequence,
    long intervalMillis,
    String program,
    int slots,
    boolean draining,
    long waiting,
    long callsEnded,
    long callsFailed,
    long recycled,
    long lost,
    List<SlotReport> children) {
  public static final String TYPE = "warren.state";

  /** Routing key on the events exchange. */
  public static final String KEY = "worker.state";

  /** Time between two reports while somebody watches, in milliseconds. */
  public static final long WATCHED_MS = 2_000;

  /** Maximum number of slots and spares in one report. */
  public static final int MAX_CHILDREN = 400;

  public StateReport {
    children = children == null ? List.of() : List.copyOf(children);
  }

  /**
   * Creates the message of this report; the last children are left out if it would be too large.
   */
  public Message toMessage() {
    Payload body = Json.write(this);
    if (body.length() > ControlLimits.BODY_BYTES && !children.isEmpty()) {
      return withChildren(children.subList(0, children.size() / 2)).toMessage();
    }
    return ControlBody.message(supervisor + ".state." + sequence, TYPE, null, body);
  }

  private StateReport withChildren(List<SlotReport> fewer) {
    return new StateReport(
        supervisor,
        host,
        pid,
        sequence,
        intervalMillis,
        program,
        slots,
        draining,
        waiting,
        callsEnded,
        callsFailed,
        recycled,
        lost,
        fewer);
  }

  /**
   * Parses an event message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static StateReport of(Message message) {
    return ControlBody.read(message, "state report", StateReport.class, StateReport::check);
  }

  private void check() {
    ControlLimits.name("supervisor", supervisor);
    ControlLimits.name("host", host);
    ControlLimits.name("program", program);
    ControlLimits.number("pid", pid, 0, Integer.MAX_VALUE);
    ControlLimits.number("sequence", sequence, 0, Long.MAX_VALUE);
    ControlLimits.number("intervalMillis", intervalMillis, 0, ControlLimits.INTERVAL_MS);
    ControlLimits.number("slots", slots, 0, ControlLimits.SLOTS);
    ControlLimits.number("waiting", waiting, 0, Long.MAX_VALUE);
    ControlLimits.number("callsEnded", callsEnded, 0, Long.MAX_VALUE);
    ControlLimits.number("callsFailed", callsFailed, 0, Long.MAX_VALUE);
    ControlLimits.number("recycled", recycled, 0, Long.MAX_VALUE);
    ControlLimits.number("lost", lost, 0, Long.MAX_VALUE);
    ControlLimits.number("children", children.size(), 0, MAX_CHILDREN);
    children.forEach(SlotReport::check);
  }
}
