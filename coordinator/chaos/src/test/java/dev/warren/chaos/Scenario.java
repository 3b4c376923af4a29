package dev.warren.chaos;

import dev.warren.task.FailureKind;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fault under load, and how the calls must end. Immutable.
 *
 * @param name a sentence
 * @param broker the brokers it is played on
 * @param mayRunTwice what may run more than once, for the table; {@link #NOTHING} and {@link #FEW}
 *     are checked
 * @param core whether plain {@code ./verify} runs it
 * @param limit maximum time until its last call has ended
 * @param ends number of calls that end without a value, by kind; all others must have their value
 * @param parked messages that must be in the dead-letter queue at the end
 * @param leaves what else it leaves
 * @param body load and fault
 */
record Scenario(
    String name,
    On broker,
    String mayRunTwice,
    boolean core,
    Duration limit,
    Map<FailureKind, Integer> ends,
    int parked,
    Leaves leaves,
    Body body) {
  /** Value of {@link #mayRunTwice} if no call may start again. */
  static final String NOTHING = "nothing";

  /** Maximum number of calls that a coordinator's death may run twice. */
  static final int FEW_CALLS = 10;

  /** Value of {@link #mayRunTwice} if at most {@link #FEW_CALLS} may start again. */
  static final String FEW = "at most " + FEW_CALLS + " calls";

  /** The brokers a scenario is played on. */
  enum On {
    /** None: a {@code local:} pool. */
    LOCAL,
    /** RabbitMQ, any version. */
    ANY_VERSION,
    /** RabbitMQ, each version that Warren supports. */
    EVERY_VERSION,
    /** Each version, on a separate server, since the scenario breaks it. */
    OWN_EVERY_VERSION,
    /** Each version, on a separate cluster of three servers, since the scenario breaks it. */
    CLUSTER;

    boolean isEvery() {
      return this != LOCAL && this != ANY_VERSION;
    }
  }

  /**
   * What may be left on the broker.
   *
   * @param resultQueues queues of owners that were killed; the broker removes them later
   */
  record Leaves(int resultQueues) {}

  /** The actions of a scenario; runs on the scenario's thread. */
  interface Body {
    void play(Stage stage) throws Exception;
  }

  static Builder named(String sentence) {
    return new Builder(sentence);
  }

  /** Builds a scenario. */
  static final class Builder {
    private final String name;
    private On broker = On.ANY_VERSION;
    private String mayRunTwice = NOTHING;
    private boolean core;
    private Duration limit = Duration.ofSeconds(90);
    private final Map<FailureKind, Integer> ends = new TreeMap<>();
    private int parked;
    private Leaves leaves = new Leaves(0);

    private Builder(String name) {
      this.name = name;
    }

    /** Default: {@link On#ANY_VERSION}. */
    Builder on(On which) {
      broker = which;
      return this;
    }

    /** Default: nothing, which is then checked. */
    Builder mayRunTwice(String what) {
      mayRunTwice = what;
      return this;
    }

    /** Plain {@code ./verify} runs it. */
    Builder core() {
      core = true;
      return this;
    }

    /** Maximum time until its last call has ended; default 90 s. */
    Builder within(Duration time) {
      limit = time;
      return this;
    }

    /** This number of calls end with this failure; all others must end with a value. */
    Builder ends(FailureKind kind, int calls) {
      ends.put(kind, calls);
      return this;
    }

    /** This number of messages must be in the dead-letter queue; default 0. */
    Builder parked(int messages) {
      parked = messages;
      return this;
    }

    /**
     * Number of results queues of killed owners, which the broker removes after five minutes;
     * default 0.
     */
    Builder leavesResultQueues(int queues) {
      leaves = new Leaves(queues);
      return this;
    }

    Scenario play(Body body) {
      return new Scenario(
          name, broker, mayRunTwice, core, limit, Map.copyOf(ends), parked, leaves, body);
    }
  }
}
