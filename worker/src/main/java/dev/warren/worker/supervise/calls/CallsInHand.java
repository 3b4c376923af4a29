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
 * The calls a child has been given and has not answered, in the order in which it runs them, and
 * what is known of the one that runs now. Confined to the loop.
 */
public final class CallsInHand {
  /** Below this limit every call is announced before it starts, so that the clock is exact. */
  private static final long ANNOUNCE_BELOW_MS = 50;

  // for tasks that do not say
  private final boolean strictJson;
  private final ArrayDeque<AssignedCalls> inHand = new ArrayDeque<>();
  private int count;
  // when the first call in hand became the first; the bound of its start as seen from here
  private long frontSince;
  private @Nullable CallMark running;
  private long runningSince;
  // the child has been asked to give back what is behind it
  private boolean askedBack;
  // where the running call was when its child last said so
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

  /** The work that its task number stands for, if the child holds some of it. */
  public Optional<TaskCalls> held(long task) {
    return inHand.stream().map(a -> a.work).filter(work -> work.number() == task).findFirst();
  }

  /** Whether the call is the one that runs now, as far as can be told. */
  public boolean isFirst(TaskCalls work, int index) {
    AssignedCalls first = inHand.peek();
    return first != null && first.work == work && first.next() == index;
  }

  /** The call that it is in, or before, as far as can be told; null where it holds none. */
  public @Nullable CallMark first() {
    AssignedCalls first = inHand.peek();
    return first == null ? null : new CallMark(first.work.number(), first.next(), 0);
  }

  public boolean holds(TaskCalls work, int index) {
    return inHand.stream().anyMatch(a -> a.work == work && a.next() <= index && index < a.to());
  }

  /** Whether a call is known to have been running for long enough to be reported. */
  public boolean inLongCall() {
    return running != null;
  }

  /** Adds calls {@code from} to {@code to} (exclusive) of a task; returns what to say of them. */
  public CallsHeader give(TaskCalls work, int from, int to, boolean alone, long now) {
    if (inHand.isEmpty()) {
      frontSince = now;
    }
    inHand.add(new AssignedCalls(work, from, to, alone));
    count += to - from;
    askedBack = false;
    return header(work, from, to, alone);
  }

  private CallsHeader header(TaskCalls work, int from, int to, boolean alone) {
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
        options.strictJson() == null ? strictJson : options.strictJson());
  }

  /** Takes out the calls that outcomes have come for; returns their work. */
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

  /** Takes in a RUNNING frame; says which work it is about, if the child holds it. */
  public Optional<TaskCalls> running(CallMark mark, long now) {
    AssignedCalls first = inHand.peek();
    if (first == null || first.work.number() != mark.task() || first.next() != mark.index()) {
      return Optional.empty();
    }
    running = mark;
    runningSince = now - mark.ranMicros() * 1000;
    return Optional.of(first.work);
  }

  /** Whether this is still the latest word of the call that runs. */
  public boolean isRunning(CallMark mark) {
    return mark.equals(running);
  }

  /**
   * Whether calls wait behind one that has been running for longer than that, and may be had back.
   */
  public boolean waitBehind(long micros, long now) {
    return running != null
        && count > 1
        && !askedBack
        && now - runningSince > micros * 1000
        && inHand.stream().noneMatch(assignment -> assignment.work.task().serial());
  }

  /** The child is asked to give back what it has not begun. */
  public void askedBack() {
    askedBack = true;
  }

  /** The child is told not to begin this call, or to break it off. */
  public void cancel(TaskCalls work, int index) {
    inHand.stream()
        .filter(a -> a.work == work && a.next() <= index && index < a.to())
        .forEach(a -> a.cancel(index));
  }

  /**
   * Takes out calls that the child gives back unbegun. They may not be the last it holds: others
   * may have been given to it before it was heard.
   */
  public Returned returned(ReturnedHeader header) {
    AssignedCalls from = endingWith(header);
    WaitingCalls segment = from.cutAt(header.from());
    if (from.done()) {
      inHand.remove(from);
    }
    count -= segment.count();
    return new Returned(
        segment,
        IntStream.range(segment.from(), segment.to()).filter(from::isCancelled).boxed().toList());
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
   * Calls given back.
   *
   * @param cancelled positions of those among them that are not to be run
   */
  public record Returned(WaitingCalls segment, List<Integer> cancelled) {}

  /** Keeps where the call is, if it is the one that runs now; says whether it is. */
  public boolean located(TaskCalls work, int index, String stack) {
    boolean first = isFirst(work, index);
    if (first) {
      location = stack;
    }
    return first;
  }

  /**
   * The call in hand that is past its hard limit, if there is one. A child that never says RUNNING
   * (it may be frozen) gets half a second more, counted from when the call was the first in hand.
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

  /** Whether a call in hand has a hard limit. */
  public boolean limited() {
    // asked of every child in every round of the loop
    for (AssignedCalls assignment : inHand) {
      if (assignment.work.task().options().timeLimit() != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * A call past its hard limit.
   *
   * @param ran how long it has run
   * @param location where it was shortly before; null where its child did not say
   */
  public record Overrun(
      TaskCalls work, int index, Duration limit, Duration ran, @Nullable String location) {}

  /**
   * What its end leaves: the call it was certainly in, and the calls to be run elsewhere. With
   * several calls in hand and no word of which was running, the blame is open: all are to be run
   * again, each alone. A child that was killed for a call may have ended it meanwhile and gone on:
   * nothing is to be blamed then, and the call it was in runs again with the others, unless it must
   * not start twice.
   *
   * @param killedFor the call that it was killed for; null if for none in particular
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
   * What a dead child held.
   *
   * @param blamed the work whose call it was in; null where nobody knows or nothing was running
   * @param index position of that call
   * @param rest calls that were only waiting
   */
  public record Remains(@Nullable TaskCalls blamed, int index, List<WaitingCalls> rest) {}
}
