package dev.warren.worker.meter;

import dev.warren.meter.Label;
import dev.warren.meter.Meter;
import dev.warren.task.FailureKind;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Definitions of the meters that only workers have. */
final class Definitions {
  /** A delivery that is not a task. */
  static final String MALFORMED = "malformed";

  /** A child that ended by itself or was killed by somebody else. */
  static final String DIED = "died";

  /** The same before it was ready. */
  static final String NOT_READY = "not_ready";

  /** An idle child that was told to exit because its worker stops. */
  static final String STOPPED = "stopped";

  private static final String RECYCLED = "recycled_";
  private static final String KILLED = "killed_";

  static final Meter ATTEMPTS =
      Meter.counter(
          "warren_attempts_total",
          "Attempts that ended on this worker, by the reason for which the call was run.",
          Label.of("reason", AttemptReason.class));

  static final Meter DELIVERIES =
      Meter.counter(
          "warren_deliveries_total",
          "Messages that arrived from the task queues, by what was decided about them.",
          Label.of("fate", fates()));

  static final Meter CHILD_STARTS =
      Meter.counter(
          "warren_child_starts_total",
          "Children that were started.",
          Label.of("why", ChildStart.class));

  static final Meter CHILD_ENDS =
      Meter.counter(
          "warren_child_ends_total",
          "Children that ended: recycled or killed by this worker for a reason, or by themselves.",
          Label.of("why", ends()));

  static final Meter TAKEOVERS =
      Meter.counter(
          "warren_spare_takeovers_total",
          "Children that were recycled or died, by whether another one was ready.",
          Label.of("result", Takeover.class));

  static final Meter DEAD =
      Meter.counter(
          "warren_dead_total",
          "Dead letters that this worker has written, by the kind of failure.",
          Label.of("kind", Arrays.stream(FailureKind.values()).map(FailureKind::wire).toList()));

  static final Meter QUEUE_WAIT =
      Meter.histogram(
          "warren_queue_wait_seconds",
          "From the arrival of a call at a worker until a child was given it; again if it gave it"
              + " back unstarted.",
          List.of(0.001, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0));

  static final Meter RUN =
      Meter.histogram(
          "warren_run_seconds",
          "Run time of calls in children. Calls that a child answers in one frame count with their"
              + " mean.",
          List.of(0.01, 0.1, 1.0, 10.0, 100.0),
          Label.open(
              "fn",
              "class and method of the first "
                  + FunctionTimes.MAX
                  + " functions, then `"
                  + FunctionTimes.OTHER
                  + "`"));

  static final Meter CHILD_START =
      Meter.histogram(
          "warren_child_start_seconds",
          "From the request for a child's process until it was initialized, without the time that it"
              + " waited for its first task's settings.",
          List.of(0.1, 0.25, 0.5, 1.0, 5.0, 30.0));

  static final Meter SLOTS =
      Meter.gauge("warren_slots", "Slots of this worker.", Label.of("state", SlotState.class));

  static final Meter CHILD_MEMORY =
      Meter.gauge(
          "warren_child_memory_bytes",
          "Resident memory of this worker's children, without processes that they started.",
          Label.of("stat", MemoryStat.class));

  static final Meter BACKLOG =
      Meter.gauge(
          "warren_backlog_seconds",
          "Time that this worker's slots need for the calls that wait here, estimated from recent"
              + " calls of the same functions.");

  static final List<Meter> ALL =
      List.of(
          ATTEMPTS,
          DELIVERIES,
          CHILD_STARTS,
          CHILD_ENDS,
          TAKEOVERS,
          DEAD,
          QUEUE_WAIT,
          RUN,
          CHILD_START,
          SLOTS,
          CHILD_MEMORY,
          BACKLOG);

  private Definitions() {}

  private static List<String> fates() {
    List<String> fates =
        new ArrayList<>(Arrays.stream(Verdict.values()).map(Label::value).toList());
    fates.add(MALFORMED);
    return fates;
  }

  private static List<String> ends() {
    List<String> ends = new ArrayList<>(List.of(DIED, NOT_READY, STOPPED));
    Arrays.stream(KillReason.values()).map(Definitions::end).forEach(ends::add);
    Arrays.stream(RecycleReason.values()).map(Definitions::end).forEach(ends::add);
    return ends;
  }

  static String end(KillReason reason) {
    return KILLED + reason.label();
  }

  static String end(RecycleReason reason) {
    return RECYCLED + reason.label();
  }
}
