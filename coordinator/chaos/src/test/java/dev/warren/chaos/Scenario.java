package dev.warren.chaos;

import dev.warren.task.FailureKind;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing that goes wrong, under load, and how the calls must end. Immutable.
 *
 * @param name a sentence
 * @param broker which brokers it is to be tried on
 * @param mayRunTwice what may run more than once, for the table; {@code "nothing"} is checked
 * @param core whether plain {@code ./verify} runs it, too
 * @param limit most time until its last call has ended
 * @param ends how many calls end without a value, by how; all others must have theirs
 * @param parked messages that must be in the dead queue at the end
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
  /** What {@link #mayRunTwice} says where no call may start again. */
  static final String NOTHING = "nothing";

  /** Which brokers a scenario is for. */
  enum On {
    /** None: a {@code local:} pool. */
    LOCAL,
    /** RabbitMQ, whichever. */
    ANY_VERSION,
    /** RabbitMQ, each version that Warren supports. */
    EVERY_VERSION,
    /** Each version, and a server of its own, since it breaks that. */
    OWN_EVERY_VERSION,
    /** Each version, three servers in a cluster of its own, since it breaks that. */
    CLUSTER;

    boolean isEvery() {
      return this != LOCAL && this != ANY_VERSION;
    }
  }

  /**
   * What may be left on the broker.
   *
   * @param resultQueues of owners that were killed; the broker removes them later
   */
  record Leaves(int resultQueues) {}

  /** What is done; runs on a thread of the scenario's own. */
  interface Body {
    void play(Stage stage) throws Exception;
  }

  static Builder named(String sentence) {
    return new Builder(sentence);
  }

  /** Collects what a scenario says. */
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

    /** Plain {@code ./verify} runs it, too. */
    Builder core() {
      core = true;
      return this;
    }

    /** Most time until its last call has ended; default 90 s. */
    Builder within(Duration time) {
      limit = time;
      return this;
    }

    /** So many calls end like this; what is not named must end with a value. */
    Builder ends(FailureKind kind, int calls) {
      ends.put(kind, calls);
      return this;
    }

    /** So many messages must be in the dead queue; default 0. */
    Builder parked(int messages) {
      parked = messages;
      return this;
    }

    /** Results queues of killed owners, which the broker removes after five minutes; default 0. */
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
