package dev.warren.worker.supervise;

import dev.warren.json.Lines;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.ReturnedHeader;
import dev.warren.worker.link.Setup;
import dev.warren.worker.meter.ChildLife;
import dev.warren.worker.supervise.calls.CallRun;
import dev.warren.worker.supervise.calls.CallsInHand;
import dev.warren.worker.supervise.calls.TaskCalls;
import dev.warren.worker.supervise.process.ChildLink;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.ChildUsage;
import dev.warren.worker.supervise.process.CrashReport;
import dev.warren.worker.supervise.process.ExitEvidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A child, as its supervisor sees it. Confined to the loop.
 *
 * <p>States and edges: STARTING (process requested) → BLANK (HELLO received) → INITIALISING (SETUP
 * sent) → READY → LEAVING (QUIT sent) → GONE; every state → GONE when process and link have ended.
 * Only {@link #enter} writes the state. Only READY children are given calls. A child that is being
 * killed ({@link #kill}) keeps its state until it is gone, but gets no more calls.
 *
 * <p>Not promised: that a child obeys QUIT. The supervisor kills a child that does not leave in
 * time.
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

  final String name;
  final String token;
  final ChildLife life = new ChildLife();
  final ChildUsage usage = new ChildUsage();
  private State state = State.STARTING;
  private @Nullable ChildProcess process;
  private @Nullable ChildLink link;
  private @Nullable String linkFault;
  private @Nullable Integer exitCode;

  private @Nullable String settingsKey;
  private RecyclePolicy policy;
  final CallsInHand calls;
  private int callsGiven;
  // the dispatcher's last round that gave it calls
  long refilledIn;
  private long stateSince;
  private long idleSince;
  private @Nullable Recycling recycling;
  // recycling only because its number of calls is used up; void if it returns some
  private boolean spent;
  private @Nullable Killing killing;
  private @Nullable CallMark killedFor;
  private long memoryLimit; // for which it was killed; 0 for none

  Child(String name, String token, long now, boolean strictJson) {
    this.calls = new CallsInHand(strictJson);
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
    life.started(sinceState(now));
    enter(State.BLANK, now);
  }

  /** Binds a blank child to a pool's settings. */
  void setUp(String key, Setup setup, RecyclePolicy newPolicy, long now) {
    settingsKey = key;
    policy = newPolicy;
    enter(State.INITIALISING, now);
    send(setup.frame());
  }

  void ready(long now) {
    life.started(sinceState(now));
    enter(State.READY, now);
    usage.ready(now);
    idleSince = now;
  }

  @Nullable String settingsKey() {
    return settingsKey;
  }

  /** Whether it can return calls that it has not started. */
  boolean withdraws() {
    return link != null && link.withdraws();
  }

  boolean boundTo(String key) {
    return key.equals(settingsKey);
  }

  // ---- work

  /** Whether it may be given calls now or once it is ready. */
  boolean present() {
    return state.compareTo(State.READY) <= 0 && recycling == null && killing == null;
  }

  boolean takesCalls() {
    return state == State.READY && recycling == null && killing == null;
  }

  boolean idle() {
    return calls.isEmpty();
  }

  /** Number of calls it may still be given before it is recycled. */
  int callsLeft() {
    return policy.maxCalls() - callsGiven;
  }

  int callsGiven() {
    return callsGiven;
  }

  /** Number of calls after which it is recycled; 0 for no limit. */
  int maxCalls() {
    return policy.maxCalls() == Integer.MAX_VALUE ? 0 : policy.maxCalls();
  }

  /** The call that is known to run; null if none is. */
  CallsInHand.@Nullable RunningCall runningCall(long now) {
    return calls.runningCall(now);
  }

  /** Number of calls it has answered. */
  long callsEnded() {
    return (long) callsGiven - calls.count();
  }

  /** Gives it calls {@code from} to {@code to} (exclusive) of a task. */
  void give(TaskCalls work, int from, int to, boolean alone, long now) {
    callsGiven += to - from;
    CallsHeader header = calls.give(work, from, to, alone, now);
    if (link != null) {
      link.send(header, work.task().captured(), work.task().args().run(from, to));
    }
    if (callsGiven >= policy.maxCalls()) {
      recycling = RecyclePolicy.ran(callsGiven);
      spent = true;
    }
  }

  /**
   * Handles an OUTCOMES frame, which may answer several assignments, and passes the lines to the
   * work.
   */
  TaskCalls outcomes(Frame frame, OutcomesHeader header, long now) {
    Lines lines = frame.lines();
    if (calls.inLongCall() && process != null) {
      process.output().runningCall("");
    }
    CallRun run = new CallRun(header.busyMicros(), usage.state(callsEnded(), now));
    TaskCalls work = calls.answered(header, lines, now);
    idleSince = now;
    work.outcomes(header.from(), lines, run);
    return work;
  }

  /**
   * Asks it to return the calls that it has not started; it must support that ({@link #withdraws}).
   */
  void withdraw() {
    calls.askedBack();
    send(Frame.empty(FrameType.WITHDRAW));
  }

  /** Handles a RETURNED frame. */
  CallsInHand.Returned returned(ReturnedHeader header) {
    CallsInHand.Returned returned = calls.returned(header);
    callsGiven -= returned.waiting().count();
    if (spent) {
      spent = false;
      recycling = null;
    }
    return returned;
  }

  void interrupt(TaskCalls work, int index) {
    calls.cancel(work, index);
    send(new CallMark(work.number(), index, 0).interrupt());
  }

  // ---- end

  /** Sets the label of its output in the log while a call runs. */
  void nameInOutput(String call) {
    if (process != null) {
      process.output().runningCall(" " + call);
    }
  }

  /**
   * Marks it to leave after the calls it holds. The first reason is kept, unless that was the
   * number of calls.
   */
  void recycleAfterCalls(Recycling why) {
    if (recycling == null || spent) {
      recycling = why;
      spent = false;
    }
  }

  @Nullable Recycling recycling() {
    return recycling;
  }

  /** Returns the reason to recycle it now, according to its policy; null for none. */
  @Nullable Recycling policyReason(long now, long memory) {
    return policy.reason(
        callsGiven, memory, now - stateSince, calls.isEmpty() ? now - idleSince : 0);
  }

  /** Sends QUIT. It must not hold any calls. */
  void quit(long now) {
    enter(State.LEAVING, now);
    send(Frame.empty(FrameType.QUIT));
  }

  /** Kills it, for this reason; it is gone once its process and its link have ended. */
  void kill(KillReason reason, String text) {
    kill(new Killing(reason, text));
  }

  /** Kills it; the first reason is kept. */
  void kill(Killing why) {
    if (killing == null) {
      killing = why;
    }
    if (process != null) {
      process.kill();
      if (process.pid() == 0 && link != null) {
        link.close(null);
      }
    }
  }

  /** Kills it because of the call that it is running. */
  void killFor(TaskCalls work, int index, KillReason reason, String text) {
    if (killing == null) {
      work.history().add(HistoryEvent.KILLED, index, name + ", for " + reason.label());
      killedFor = new CallMark(work.number(), index, 0);
    }
    kill(reason, text);
  }

  /**
   * Reads frames that have arrived but are unread. Returns false if the child is already being
   * killed.
   */
  boolean readSome() {
    if (link != null) {
      link.readSome();
    }
    return killing == null;
  }

  @Nullable Killing killing() {
    return killing;
  }

  /** The call because of which it was killed; null for none in particular. */
  @Nullable CallMark killedFor() {
    return killedFor;
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

  /** Kills it because the running call uses more memory than it may. */
  void killForMemory(long bytes, long limit) {
    memoryLimit = limit;
    usage.memoryReached(bytes);
    if (killing == null) {
      killedFor = calls.first();
    }
    kill(KillReason.MEMORY_LIMIT, "over its hard memory limit");
  }

  /** Names the process, and its state for the call that runs. */
  RemoteFailure.Where where(String host, long now) {
    long age = usage.ageMillis(now);
    long memory = usage.memory();
    return new RemoteFailure.Where(
        host,
        pid(),
        name,
        age < 0 ? null : age,
        age < 0 ? null : callsEnded(),
        memory == 0 ? null : memory);
  }

  ExitEvidence evidence(String host, boolean kernelKilled, long now) {
    List<String> lines = process == null ? List.of() : process.output().lastErrors();
    boolean heap = lines.stream().anyMatch(line -> line.contains("OutOfMemoryError"));
    int code = exitCode == null ? -1 : exitCode;
    CrashReport crash = process == null ? CrashReport.NONE : process.crash();
    boolean oom =
        heap
            || crash.outOfMemory()
            || memoryLimit > 0
            || (kernelKilled && code == 128 + 9 && killing == null);
    return new ExitEvidence(
        where(host, now), code, linkFault, oom, usage.peak(), memoryLimit, lines, crash);
  }

  private void send(Frame frame) {
    if (link != null) {
      link.send(frame);
    }
  }

  @Override
  public String toString() {
    return name + " (" + state + ", pid " + pid() + ", " + calls.count() + " in hand)";
  }
}
