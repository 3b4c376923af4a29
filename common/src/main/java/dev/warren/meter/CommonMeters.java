package dev.warren.meter;

import dev.warren.task.FailureKind;
import java.util.ArrayList;
import java.util.List;

/** Definitions of the meters that workers and pools share. */
public final class CommonMeters {
  /** Kind of an outcome with a value; the other kinds are those of failures. */
  public static final String VALUE = "value";

  public static final Meter BUILD_INFO =
      Meter.gauge(
          "warren_build_info",
          "1; the label tells which version of Warren this is.",
          Label.open("version", "the version number"));

  public static final Meter OUTCOMES =
      Meter.counter(
          "warren_outcomes_total",
          "Calls that ended, by how: on a worker those whose outcome it has sent, on a coordinator or"
              + " in a pool those whose outcome has arrived or was decided there.",
          Label.of("kind", kinds()));

  public static final Meter PUBLISHES =
      Meter.counter(
          "warren_publishes_total",
          "Messages given to the broker, by content and by the broker's answer.",
          Label.of("what", Sent.class),
          Label.of("result", PublishResult.class));

  public static final Meter RECONNECTS =
      Meter.counter(
          "warren_reconnects_total",
          "How often lost connections to the broker were restored.",
          Label.of("role", Role.class));

  public static final Meter UNCONFIRMED =
      Meter.gauge(
          "warren_unconfirmed",
          "Messages that were published and that the broker has not confirmed.",
          Label.of("role", Role.class));

  public static final Meter BROKER_BLOCKED =
      Meter.gauge(
          "warren_broker_blocked",
          "1 while the broker reads nothing from publishers because of an alarm, otherwise 0.",
          Label.of("role", Role.class));

  /** All of them. */
  public static final List<Meter> ALL =
      List.of(BUILD_INFO, OUTCOMES, PUBLISHES, RECONNECTS, UNCONFIRMED, BROKER_BLOCKED);

  private CommonMeters() {}

  /** Which side of a broker a process is. */
  public enum Role {
    WORKER,
    POOL
  }

  /** What a message carries. */
  public enum Sent {
    /** Calls for any worker. */
    TASK,
    /** Outcomes for their owner. */
    OUTCOME,
    /** Calls that run again or were handed back, some of them after a delay. */
    AGAIN,
    /** A dead letter. */
    DEAD_LETTER,
    /** Heartbeats, cancels, questions and answers between owners and workers. */
    CONTROL
  }

  /** The broker's answer to a message. */
  public enum PublishResult {
    CONFIRMED,
    /** No queue received it, which is normal for heartbeats that nobody wants. */
    UNROUTABLE,
    /** The broker refused it, or the connection was closed first. */
    FAILED
  }

  private static List<String> kinds() {
    List<String> kinds = new ArrayList<>(List.of(VALUE));
    for (FailureKind kind : FailureKind.values()) {
      kinds.add(kind.wire());
    }
    return kinds;
  }

  /** Shows the version of this Warren. */
  public static void showVersion(Meters meters, String version) {
    meters.gauge(BUILD_INFO, () -> 1, version);
  }
}
