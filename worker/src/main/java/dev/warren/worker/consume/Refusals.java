package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.Printable;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.wire.control.RefusalMessage.Says;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Functions that this worker cannot run, for example because it lacks the class or has another
 * build of it, but that other workers of the pool may be able to run. Confined to the loop.
 *
 * <p>For maintainers: a worker that refuses a call asks the other workers about its function. If
 * one of them has not refused it, the call is passed on to them, uncharged; if all have, or none
 * answers in time, the call is rejected with the reasons of all. Until the refusal expires, this
 * worker passes on tasks of that function without asking, each after a short wait: otherwise it
 * would receive them as fast as it passes them on, and the others would get nothing else. After
 * that it tries again, since its class path may have changed.
 */
final class Refusals {
  private static final Logger log = Logs.of(Refusals.class);

  /** Maximum wait for the others' answers. */
  private static final long PATIENCE_MS = 1000;

  /** How long a refusal is remembered. */
  private static final long REMEMBERED_NANOS = 30_000_000_000L;

  /** How long a task is held before it is passed on without a try. */
  private static final long KEPT_MS = 300;

  private static final long BYTES = 1 << 20;

  private final Broker broker;
  private final PoolNames names;
  private final EventLoop loop;
  private final String supervisor;
  private final Executor helper;
  private final BooleanSupplier consumes;
  private final Fate fate;
  private final BoundedMap<String, Refusal> refusals =
      BoundedMap.byUse(
          BYTES,
          (function, refusal) -> BoundedMap.textBytes(function) + 4L * RefusalMessage.REASON);
  private long sequence;
  private boolean leaving;

  /** What happens to a call that this worker has refused. */
  interface Fate {
    /** Another worker may be able to run it. */
    void passOn(HeldTask held, int index);

    /** No worker can run it. */
    void reject(HeldTask held, int index, RemoteFailure failure);
  }

  /**
   * Creates an empty memory of refusals.
   *
   * @param helper asks the broker
   * @param consumes whether this worker consumes the task queue now
   */
  Refusals(
      Broker broker,
      PoolNames names,
      EventLoop loop,
      String supervisor,
      Executor helper,
      BooleanSupplier consumes,
      Fate fate) {
    this.broker = broker;
    this.names = names;
    this.loop = loop;
    this.supervisor = supervisor;
    this.helper = helper;
    this.consumes = consumes;
    this.fate = fate;
  }

  /** A child, or this worker itself, has refused a call that other workers may be able to run. */
  void refused(HeldTask held, int index, RemoteFailure failure) {
    String function = RefusalMessage.nameOf(held.task().function());
    Refusal refusal = refusals.get(function);
    boolean asksAnew = refusal != null && refusal.isDecided() && !refusal.anyMay();
    if (refusal == null || refusal.isOver() || asksAnew) { // another worker may have come
      refusal = new Refusal(function, Printable.cut(text(failure), RefusalMessage.REASON - 2));
      refusals.put(function, refusal);
      ask(refusal);
    }
    refusal.waiting.add(new Call(held, index, failure));
    if (refusal.isDecided()) {
      refusal.settle();
    }
  }

  private static String text(RemoteFailure failure) {
    return failure.message() == null ? failure.type() : failure.message();
  }

  /** Whether a task is to be passed on without a try. */
  boolean passesOn(TaskMessage task) {
    Refusal refusal = refusals.get(RefusalMessage.nameOf(task.function()));
    return refusal != null && refusal.isDecided() && !refusal.isOver() && refusal.anyMay();
  }

  /** Holds a run of such a task for a short wait, then passes on all its calls. */
  void passOnSoon(HeldTask held) {
    loop.after(
        KEPT_MS,
        () -> {
          for (int index = 0; index < held.task().count(); index++) {
            if (held.tryEnd(index)) {
              fate.passOn(held, index);
            }
          }
        });
  }

  /** Makes this worker refuse every function, since it is stopping. */
  void leave() {
    leaving = true;
  }

  private void ask(Refusal refusal) {
    Route all = new Route(names.control(), "");
    tell(all, refusal.function, Says.ASKS, refusal.reason);
    int itself = consumes.getAsBoolean() ? 1 : 0;
    CompletableFuture.supplyAsync(() -> others(itself), helper)
        .whenComplete((others, failure) -> loop.post(() -> refusal.expect(others)));
    loop.after(PATIENCE_MS, refusal::decide);
  }

  /**
   * Returns the number of other workers; null if the broker does not report it. Runs on the
   * helper's thread.
   */
  private @Nullable Integer others(int itself) {
    try {
      return broker.depth(names.tasks()).map(depth -> depth.consumers() - itself).orElse(null);
    } catch (BrokerException e) {
      log.debug("the number of workers is unknown: {}", e.getMessage());
      return null;
    }
  }

  /**
   * Handles another worker's message.
   *
   * @param replyTo queue for the answer to a question; null for the usual one
   */
  void hear(RefusalMessage message, @Nullable String replyTo) {
    if (message.supervisor().equals(supervisor)) {
      return;
    }
    Refusal refusal = refusals.get(message.function());
    if (message.says() == Says.ASKS) {
      Route asker = asker(names.control(message.supervisor()), replyTo);
      if (leaving) {
        tell(asker, message.function(), Says.REFUSES, "it is stopping");
      } else if (refusal != null && !refusal.isOver()) {
        tell(asker, message.function(), Says.REFUSES, refusal.reason);
      } else {
        tell(asker, message.function(), Says.MAY, null);
      }
    }
    if (refusal != null) {
      refusal.answered(message);
    }
  }

  /** Only the asker's own queue gets an answer: its usual one, or the one used instead. */
  private static Route asker(String usual, @Nullable String replyTo) {
    return Route.toQueue(replyTo != null && replyTo.startsWith(usual + ".") ? replyTo : usual);
  }

  private void tell(Route route, String function, Says says, @Nullable String reason) {
    RefusalMessage message = new RefusalMessage(supervisor, ++sequence, function, says, reason);
    broker
        .publish(route, message.toMessage(broker.address(names.control(supervisor))))
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null) {
                log.debug("could not ask or answer other workers: {}", failure.getMessage());
              }
            });
  }

  /** A call that waits until it is known whether another worker may run it. */
  private record Call(HeldTask held, int index, RemoteFailure failure) {}

  /** A function that this worker cannot run, and the other workers' answers about it. */
  private final class Refusal {
    private final String function;
    private final String reason;
    private final long since = loop.now();
    private final List<Call> waiting = new ArrayList<>();
    // answers of other workers: the reason of a refusal, or empty if the worker may run it
    private final Map<String, String> answers = new TreeMap<>();
    private int expected = Integer.MAX_VALUE;
    private boolean decided;

    Refusal(String function, String reason) {
      this.function = function;
      this.reason = reason;
    }

    boolean isOver() {
      return loop.now() - since > REMEMBERED_NANOS;
    }

    boolean isDecided() {
      return decided;
    }

    boolean anyMay() {
      return answers.containsValue("");
    }

    void expect(@Nullable Integer others) {
      if (others != null) {
        expected = others;
        decideIfAnswered();
      }
    }

    void answered(RefusalMessage message) {
      String why = message.reason();
      answers.put(message.supervisor(), message.says() == Says.MAY || why == null ? "" : why);
      decideIfAnswered();
    }

    private void decideIfAnswered() {
      if (anyMay() || answers.size() >= expected) {
        decide();
      }
    }

    void decide() {
      if (!decided) {
        decided = true;
        if (anyMay()) {
          log.warn(
              "calls of {} are passed on to other workers for {} s: {}",
              function,
              REMEMBERED_NANOS / 1_000_000_000,
              reason);
        }
      }
      settle();
    }

    /** Settles the waiting calls according to the answers so far. */
    void settle() {
      List<Call> all = List.copyOf(waiting);
      waiting.clear();
      for (Call call : all) {
        if (anyMay()) {
          fate.passOn(call.held, call.index);
        } else {
          fate.reject(call.held, call.index, withReasons(call.failure));
        }
      }
    }

    /**
     * Adds the other workers' reasons. The message names only reasons that differ from this
     * worker's, since it appears in outputs.
     */
    private RemoteFailure withReasons(RemoteFailure failure) {
      if (answers.isEmpty()) {
        return failure;
      }
      StringBuilder text = new StringBuilder(text(failure));
      new TreeSet<>(answers.values())
          .stream()
              .filter(why -> !why.equals(reason))
              .forEach(why -> text.append("; another worker: ").append(why));
      Map<String, Object> details = new HashMap<>(failure.details());
      details.put("refusals", new TreeMap<>(answers));
      return failure.withDetails(details).withMessage(text.toString());
    }
  }
}
