package dev.warren.worker.supervise.calls;

import dev.warren.json.Lines;
import dev.warren.task.TaskOptions;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.ReturnedHeader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a child holds (given to it and not answered), in the order in which it runs them,
 * and what is known of the running one. Confined to the loop.
 */
public final class CallsInHand {
  /** Below this hard limit every call is announced before it starts, so that its time is exact. */
  private static final long ANNOUNCE_BELOW_MS = 50;

  // for tasks that do not set it
  private final boolean strictJson;
  private final ArrayDeque<AssignedCalls> inHand = new ArrayDeque<>();
  private int count;
  // when the first call became the first, the earliest time at which it can have started
  private long frontSince;
  private @Nullable CallMark running;
  private long runningSince;
  // the child has been asked to return the calls behind the running one
  private boolean askedBack;
  // the running call's stack when the child last reported it
  private @Nullable String location;

  public CallsInHand(boolean strictJson) {
    this.strictJson = strictJson;
  }

  public boolean isEmpty() {
    return inHand.isEmpty();
  }

  public int count() {
    return count;
  }

  public boolean holdsAlone() {
    return !inHand.isEmpty() && inHand.element().alone;
  }

  public boolean holds(TaskCalls work) {
    return inHand.stream().anyMatch(assignment -> assignment.work == work);
  }

  /** Returns the work with this task number; empty if the child holds none of its calls. */
  public Optional<TaskCalls> held(long task) {
    return inHand.stream().map(a -> a.work).filter(work -> work.number() == task).findFirst();
  }

  /** Whether the call is the first one, which is running as far as is known. */
  public boolean isFirst(TaskCalls work, int index) {
    AssignedCalls first = inHand.peek();
    return first != null && first.work == work && first.next() == index;
  }

  /**
   * Returns the first call, which is running or next as far as is known; null if the child holds
   * none.
   */
  public @Nullable CallMark first() {
    AssignedCalls first = inHand.peek();
    return first == null ? null : new CallMark(first.work.number(), first.next(), 0);
  }

  public boolean holds(TaskCalls work, int index) {
    return inHand.stream().anyMatch(a -> a.work == work && a.next() <= index && index < a.to());
  }

  /** Whether the child has reported the running call, which it does only if the call takes long. */
  public boolean inLongCall() {
    return running != null;
  }

  /**
   * Adds calls {@code from} to {@code to} (exclusive) of a task; returns the header of their CALLS
   * frame.
   */
  public CallsHeader give(TaskCalls work, int from, int to, boolean alone, long now) {
    if (inHand.isEmpty()) {
      frontSince = now;
    }
    inHand.add(new AssignedCalls(work, from, to, alone));
    count += to - from;
    askedBack = false;
    return header(work, from, to, alone, now);
  }

  private CallsHeader header(TaskCalls work, int from, int to, boolean alone, long now) {
    TaskMessage task = work.task();
    TaskOptions options = task.options();
    Duration soft = options.softTimeLimit();
    Duration hard = options.timeLimit();
    long hardMs = hard == null ? 0 : hard.toMillis();
    boolean each = alone || options.atMostOnce() || (hardMs > 0 && hardMs < ANNOUNCE_BELOW_MS);
    boolean retries = options.maxAttempts() > 1 && !options.retryOn().isEmpty();
    return new CallsHeader(
        work.number(),
        from,
        to - from,
        work.functionName(),
        task.function().digest(),
        task.captured() != null,
        task.job(),
        task.calls().slice(from, to).toString(),
        task.counts().attempt(),
        soft == null ? 0 : soft.toMillis(),
        hardMs,
        each,
        retries ? String.join(",", options.retryOn()) : null,
        options.strictJson() == null ? strictJson : options.strictJson(),
        work.traceparents(from, to, now));
  }

  /** Removes the calls of an OUTCOMES frame; returns their work. */
  public TaskCalls answered(OutcomesHeader header, Lines lines, long now) {
    if (lines.count() != header.count() || header.count() < 1) {
      throw new LinkException(
          "OUTCOMES of " + header.count() + " calls with " + lines.count() + " lines");
    }
    int end = header.from() + header.count();
    TaskCalls work = null;
    for (int next = header.from(); next < end; ) {
      AssignedCalls assignment = holding(header.task(), next);
      work = assignment.work;
      next = Math.min(end, assignment.to());
      assignment.answered(next);
      if (assignment.done()) {
        inHand.remove(assignment);
      }
    }
    if (work == null) {
      throw new LinkException("OUTCOMES of no call");
    }
    count -= header.count();
    running = null;
    askedBack = false;
    location = null;
    frontSince = now;
    return work;
  }

  private AssignedCalls holding(long task, int next) {
    for (AssignedCalls assignment : inHand) {
      if (assignment.work.number() == task && assignment.next() == next) {
        return assignment;
      }
    }
    throw new LinkException("outcomes of a call it does not hold: task " + task + " call " + next);
  }

  /**
   * Records a RUNNING frame; returns the call's work, or empty if the call is not the first one.
   */
  public Optional<TaskCalls> running(CallMark mark, long now) {
    AssignedCalls first = inHand.peek();
    if (first == null || first.work.number() != mark.task() || first.next() != mark.index()) {
      return Optional.empty();
    }
    running = mark;
    runningSince = now - mark.ranMicros() * 1000;
    return Optional.of(first.work);
  }

  /**
   * A call that has been running for at least some milliseconds.
   *
   * @param job id of its job
   * @param number its number in the job
   */
  public record RunningCall(String job, long number, String function, long millis) {}

  /** The running call, if the child has reported it, which it does only if the call takes long. */
  public @Nullable RunningCall runningCall(long now) {
    AssignedCalls first = inHand.peek();
    if (running == null || first == null) {
      return null;
    }
    TaskMessage task = first.work.task();
    return new RunningCall(
        task.job(),
        task.calls().get(running.index()),
        first.work.functionName(),
        Math.max(0, (now - runningSince) / 1_000_000));
  }

  /** Whether this mark is the latest one of the running call. */
  public boolean isRunning(CallMark mark) {
    return mark.equals(running);
  }

  /**
   * Whether calls wait behind one that has been running for more than {@code micros}, and may be
   * withdrawn.
   */
  public boolean waitBehind(long micros, long now) {
    return running != null
        && count > 1
        && !askedBack
        && now - runningSince > micros * 1000
        && inHand.stream().noneMatch(assignment -> assignment.work.task().serial());
  }

  /** Records that the child was asked to return the calls that it has not started. */
  public void askedBack() {
    askedBack = true;
  }

  /** Records that the child was sent an INTERRUPT for this call. */
  public void cancel(TaskCalls work, int index) {
    inHand.stream()
        .filter(a -> a.work == work && a.next() <= index && index < a.to())
        .forEach(a -> a.cancel(index));
  }

  /**
   * Removes calls that the child returned unstarted. They need not be the last ones: others may
   * have been given to it before its frame was read.
   */
  public Returned returned(ReturnedHeader header) {
    AssignedCalls from = endingWith(header);
    WaitingCalls waiting = from.cutAt(header.from());
    if (from.done()) {
      inHand.remove(from);
    }
    count -= waiting.count();
    return new Returned(
        waiting,
        IntStream.range(waiting.from(), waiting.to()).filter(from::isCancelled).boxed().toList());
  }

  private AssignedCalls endingWith(ReturnedHeader header) {
    for (AssignedCalls assignment : inHand) {
      if (assignment.work.number() == header.task()
          && assignment.next() <= header.from()
          && header.from() < assignment.to()
          && header.from() + header.count() == assignment.to()) {
        return assignment;
      }
    }
    throw new LinkException("returned calls that it does not hold: " + header);
  }

  /**
   * Returned calls.
   *
   * @param cancelled positions of those that must not run
   */
  public record Returned(WaitingCalls waiting, List<Integer> cancelled) {}

  /** Keeps the stack of a call if it is the first one. Returns false if it is not. */
  public boolean located(TaskCalls work, int index, String stack) {
    boolean first = isFirst(work, index);
    if (first) {
      location = stack;
    }
    return first;
  }

  /**
   * Returns the running call if it has exceeded its hard limit. A child that never sends RUNNING
   * (it may be frozen) gets half a second more, counted from when the call became the first one.
   */
  public Optional<Overrun> overrun(long now) {
    AssignedCalls first = inHand.peek();
    if (first == null) {
      return Optional.empty();
    }
    Duration limit = first.work.task().options().timeLimit();
    if (limit == null) {
      return Optional.empty();
    }
    long since = running != null ? runningSince : frontSince + 500_000_000L;
    long ran = now - since;
    return ran < limit.toNanos()
        ? Optional.empty()
        : Optional.of(
            new Overrun(first.work, first.next(), limit, Duration.ofNanos(ran), location));
  }

  /** Whether any held call has a hard limit. */
  public boolean limited() {
    // called for every child in every round of the loop, so without streams
    for (AssignedCalls assignment : inHand) {
      if (assignment.work.task().options().timeLimit() != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * A call that has exceeded its hard limit.
   *
   * @param ran how long it has been running
   * @param location its stack shortly before; null if its child did not report it
   */
  public record Overrun(
      TaskCalls work, int index, Duration limit, Duration ran, @Nullable String location) {}

  /**
   * Removes all calls because the child has ended, and returns the call that was running and those
   * to run elsewhere. If the child held several calls and did not report which was running, none is
   * blamed: all of them run again, each alone. A child that was killed because of a call may have
   * ended that call in the meantime and started the next one: then none is blamed either, and all
   * calls run again, unless the running call is at-most-once.
   *
   * @param killedFor the call because of which the child was killed; null for none
   */
  public Remains remains(@Nullable CallMark killedFor) {
    List<AssignedCalls> held = new ArrayList<>(inHand);
    inHand.clear();
    TaskCalls blamed = null;
    int blamedIndex = 0;
    boolean open = false;
    if (!held.isEmpty() && !isInnocent(held.get(0), killedFor)) {
      AssignedCalls first = held.get(0);
      boolean told =
          running != null
              && running.task() == first.work.number()
              && running.index() == first.next();
      if (told || count == 1) {
        blamed = first.work;
        blamedIndex = first.next();
        first.answered(first.next() + 1);
      } else {
        open = true;
      }
    }
    List<WaitingCalls> rest = new ArrayList<>();
    for (AssignedCalls assignment : held) {
      if (!assignment.done()) {
        rest.add(assignment.rest(assignment.alone || open));
      }
    }
    count = 0;
    return new Remains(blamed, blamedIndex, rest);
  }

  private static boolean isInnocent(AssignedCalls first, @Nullable CallMark killedFor) {
    return killedFor != null
        && (killedFor.task() != first.work.number() || killedFor.index() != first.next())
        && !first.work.task().options().atMostOnce();
  }

  /**
   * The calls that a dead child held.
   *
   * @param blamed the work whose call was running; null if that is unknown or nothing was running
   * @param index position of the blamed call
   * @param rest calls that were only waiting
   */
  public record Remains(@Nullable TaskCalls blamed, int index, List<WaitingCalls> rest) {}
}
