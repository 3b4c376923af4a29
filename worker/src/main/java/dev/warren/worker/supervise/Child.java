package dev.warren.worker.supervise;

import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.Lines;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.Setup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One child as its supervisor sees it. Confined to the loop.
 *
 * <p>States and edges: STARTING (process asked for) → BLANK (said HELLO) → INITIALISING (got SETUP)
 * → READY → LEAVING (got QUIT) → GONE; every state → GONE when process and link have ended. Only
 * {@link #enter} writes the state. Calls are given to READY children alone. A child that is
 * condemned ({@link #kill}) keeps its state until it is gone, but gets no more calls.
 *
 * <p>Not promised: that a QUIT is obeyed. The supervisor kills what does not leave in time.
 */
final class Child {
  enum State {
    STARTING,
    BLANK,
    INITIALISING,
    READY,
    LEAVING,
    GONE
  }

  private static final Frame QUIT = Frame.of(FrameType.QUIT, Map.of());

  /** Below this limit every call is announced before it starts, so that the clock is exact. */
  private static final long ANNOUNCE_BELOW_MS = 50;

  final String name;
  final String token;
  private State state = State.STARTING;
  private @Nullable ChildProcess process;
  private @Nullable ChildLink link;
  private @Nullable String linkFault;
  private @Nullable Integer exitCode;

  private @Nullable String settingsKey;
  private RecyclePolicy policy;
  private final ArrayDeque<Assignment> inHand = new ArrayDeque<>();
  private int callsInHand;
  private int callsGiven;
  private long stateSince;
  private long idleSince;
  // when the first call in hand became the first; the bound of its start as seen from here
  private long frontSince;
  private @Nullable CallMark running;
  private long runningSince;
  private @Nullable String recycleReason;
  private @Nullable String killReason;
  private long peakMemory;

  Child(String name, String token, long now) {
    this.name = name;
    this.token = token;
    this.stateSince = now;
    this.policy =
        new RecyclePolicy(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  State state() {
    return state;
  }

  private void enter(State next, long now) {
    if (next.compareTo(state) <= 0) {
      throw new IllegalStateException(name + " cannot go from " + state + " to " + next);
    }
    state = next;
    stateSince = now;
  }

  // ---- start

  void started(ChildProcess newProcess) {
    process = newProcess;
  }

  void linked(ChildLink newLink, long now) {
    link = newLink;
    enter(State.BLANK, now);
  }

  /** Binds a blank child to a pool's settings. */
  void setUp(String key, Setup setup, RecyclePolicy newPolicy, long now) {
    settingsKey = key;
    policy = newPolicy;
    enter(State.INITIALISING, now);
    send(Frame.of(FrameType.SETUP, setup));
  }

  void ready(long now) {
    enter(State.READY, now);
    idleSince = now;
  }

  @Nullable String settingsKey() {
    return settingsKey;
  }

  boolean boundTo(String key) {
    return key.equals(settingsKey);
  }

  // ---- work

  /** Whether it may be given calls now or once it is ready. */
  boolean present() {
    return state.compareTo(State.READY) <= 0 && recycleReason == null && killReason == null;
  }

  boolean takesCalls() {
    return state == State.READY && recycleReason == null && killReason == null;
  }

  boolean idle() {
    return inHand.isEmpty();
  }

  int callsInHand() {
    return callsInHand;
  }

  boolean holdsAlone() {
    return !inHand.isEmpty() && inHand.element().alone;
  }

  boolean holds(Work work) {
    return inHand.stream().anyMatch(assignment -> assignment.work == work);
  }

  /** The work that its task number stands for, if the child holds some of it. */
  Optional<Work> held(long task) {
    return inHand.stream().map(a -> a.work).filter(work -> work.number() == task).findFirst();
  }

  /** Whether the call is the one that runs now, as far as can be told. */
  boolean isFirst(Work work, int index) {
    Assignment first = inHand.peek();
    return first != null && first.work == work && first.next() == index;
  }

  boolean holds(Work work, int index) {
    return inHand.stream().anyMatch(a -> a.work == work && a.next() <= index && index < a.to);
  }

  /** Whether a call is known to have been running for long enough to be reported. */
  boolean inLongCall() {
    return running != null;
  }

  /** Calls it may still be given before it is to be recycled. */
  int callsLeft() {
    return policy.maxCalls() - callsGiven;
  }

  /** Gives it calls {@code from} to {@code to} (exclusive) of a task. */
  void give(Work work, int from, int to, boolean alone, long now) {
    if (inHand.isEmpty()) {
      frontSince = now;
    }
    inHand.add(new Assignment(work, from, to, alone));
    callsInHand += to - from;
    callsGiven += to - from;
    sendCalls(work, from, to, alone);
    if (callsGiven >= policy.maxCalls()) {
      recycleReason = "ran " + callsGiven + (callsGiven == 1 ? " call" : " calls");
    }
  }

  private void sendCalls(Work work, int from, int to, boolean alone) {
    if (link == null) {
      return;
    }
    TaskMessage task = work.task();
    TaskOptions options = task.options();
    Duration soft = options.softTimeLimit();
    Duration hard = options.timeLimit();
    long hardMs = hard == null ? 0 : hard.toMillis();
    boolean each = alone || options.atMostOnce() || (hardMs > 0 && hardMs < ANNOUNCE_BELOW_MS);
    boolean retries = options.maxAttempts() > 1 && !options.retryOn().isEmpty();
    CallsHeader header =
        new CallsHeader(
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
            retries ? String.join(",", options.retryOn()) : null);
    link.send(header, task.captured(), task.args().run(from, to));
  }

  /** Takes in an OUTCOMES frame, which may answer several assignments, and tells the work. */
  Work outcomes(Frame frame, OutcomesHeader header, long now) {
    Lines lines = frame.lines();
    if (lines.count() != header.count() || header.count() < 1) {
      throw new LinkException(
          "OUTCOMES of " + header.count() + " calls with " + lines.count() + " lines");
    }
    int end = header.from() + header.count();
    Work work = null;
    for (int next = header.from(); next < end; ) {
      Assignment assignment = holding(header.task(), next);
      work = assignment.work;
      next = Math.min(end, assignment.to);
      assignment.answered(next);
      if (assignment.done()) {
        inHand.remove(assignment);
      }
    }
    if (work == null) {
      throw new LinkException("OUTCOMES of no call");
    }
    callsInHand -= header.count();
    if (running != null && process != null) {
      process.output().runningCall("");
    }
    running = null;
    frontSince = now;
    idleSince = now;
    work.outcomes(header.from(), lines, header.busyMicros());
    return work;
  }

  private Assignment holding(long task, int next) {
    for (Assignment assignment : inHand) {
      if (assignment.work.number() == task && assignment.next() == next) {
        return assignment;
      }
    }
    throw new LinkException("outcomes of a call it does not hold: task " + task + " call " + next);
  }

  /** Takes in a RUNNING frame; says which work it is about, if the child holds it. */
  Optional<Work> running(CallMark mark, long now) {
    Assignment first = inHand.peek();
    if (first == null || first.work.number() != mark.task() || first.next() != mark.index()) {
      return Optional.empty();
    }
    running = mark;
    runningSince = now - mark.ranMicros() * 1000;
    return Optional.of(first.work);
  }

  /**
   * The call in hand that is past its hard limit, if there is one. A child that never says RUNNING
   * (it may be frozen) gets half a second more, counted from when the call was the first in hand.
   */
  Optional<Overrun> overrun(long now) {
    Assignment first = inHand.peek();
    if (first == null || killReason != null) {
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
        : Optional.of(new Overrun(first.work, first.next(), limit, Duration.ofNanos(ran)));
  }

  /** Whether a call in hand has a hard limit. */
  boolean limited() {
    return inHand.stream().anyMatch(a -> a.work.task().options().timeLimit() != null);
  }

  /**
   * A call past its hard limit.
   *
   * @param ran how long it has run
   */
  record Overrun(Work work, int index, Duration limit, Duration ran) {}

  void interrupt(Work work, int index) {
    send(Frame.of(FrameType.INTERRUPT, new CallMark(work.number(), index, 0)));
  }

  /**
   * What its end leaves: the call it was certainly in, and the calls to be run elsewhere. With
   * several calls in hand and no word of which was running, the blame is open: all are to be run
   * again, each alone.
   */
  Remains remains() {
    List<Assignment> held = new ArrayList<>(inHand);
    inHand.clear();
    Work blamed = null;
    int blamedIndex = 0;
    boolean open = false;
    if (!held.isEmpty()) {
      Assignment first = held.get(0);
      boolean told =
          running != null
              && running.task() == first.work.number()
              && running.index() == first.next();
      if (told || callsInHand == 1) {
        blamed = first.work;
        blamedIndex = first.next();
        first.answered(first.next() + 1);
      } else {
        open = true;
      }
    }
    List<Segment> rest = new ArrayList<>();
    for (Assignment assignment : held) {
      if (!assignment.done()) {
        rest.add(assignment.rest(assignment.alone || open));
      }
    }
    callsInHand = 0;
    return new Remains(blamed, blamedIndex, rest);
  }

  /**
   * What a dead child held.
   *
   * @param blamed the work whose call it was in; null where nobody knows or nothing was running
   * @param index position of that call
   * @param rest calls that were only waiting
   */
  record Remains(@Nullable Work blamed, int index, List<Segment> rest) {}

  // ---- end

  /** What its output is marked with in the log while a call runs. */
  void nameInOutput(String call) {
    if (process != null) {
      process.output().runningCall(" " + call);
    }
  }

  /** Marks it to leave after the calls in hand; the first reason stands. */
  void recycleAfterCalls(String reason) {
    if (recycleReason == null) {
      recycleReason = reason;
    }
  }

  @Nullable String recycleReason() {
    return recycleReason;
  }

  /** Why a policy wants it gone now, or null. */
  @Nullable String policyReason(long now, long memory) {
    return policy.reason(
        callsGiven, memory, now - stateSince, inHand.isEmpty() ? now - idleSince : 0);
  }

  /** Tells it to leave. It must have nothing in hand. */
  void quit(long now) {
    enter(State.LEAVING, now);
    send(QUIT);
  }

  /** Ends it by force, for this reason; it is gone once its process and its link have ended. */
  void kill(String reason) {
    if (killReason == null) {
      killReason = reason;
    }
    if (process != null) {
      process.kill();
      if (process.pid() == 0 && link != null) {
        link.close(null);
      }
    }
  }

  @Nullable String killReason() {
    return killReason;
  }

  void exited(int code) {
    exitCode = code;
  }

  void linkEnded(@Nullable String fault) {
    linkFault = fault;
  }

  /** Whether its process has ended and its link has been read to the end. */
  boolean hasEnded() {
    return exitCode != null && (link == null || link.hasEnded());
  }

  boolean hasExited() {
    return exitCode != null;
  }

  void gone(long now) {
    if (state != State.GONE) {
      enter(State.GONE, now);
    }
  }

  long sinceState(long now) {
    return now - stateSince;
  }

  @Nullable ChildLink link() {
    return link;
  }

  @Nullable ChildProcess process() {
    return process;
  }

  long pid() {
    return process == null ? 0 : process.pid();
  }

  void memorySeen(long bytes) {
    peakMemory = Math.max(peakMemory, bytes);
  }

  RemoteFailure.Where where(String host) {
    return new RemoteFailure.Where(host, pid(), name);
  }

  ExitEvidence evidence(String host, boolean kernelKilled) {
    List<String> lines = process == null ? List.of() : process.output().lastErrors();
    boolean heap = lines.stream().anyMatch(line -> line.contains("OutOfMemoryError"));
    int code = exitCode == null ? -1 : exitCode;
    boolean oom = heap || (kernelKilled && code == 128 + 9 && killReason == null);
    return new ExitEvidence(where(host), code, linkFault, oom, peakMemory, lines);
  }

  private void send(Frame frame) {
    if (link != null) {
      link.send(frame);
    }
  }

  @Override
  public String toString() {
    return name + " (" + state + ", pid " + pid() + ", " + callsInHand + " in hand)";
  }
}
