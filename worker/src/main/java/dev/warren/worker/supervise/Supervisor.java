package dev.warren.worker.supervise;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Json;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.WorkerConfig;
import dev.warren.worker.WorkerListener;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.Note;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.Setup;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/**
 * Keeps as many children as there are slots and spares, gives them the calls that wait, replaces
 * them by plan and after their death, and tells each {@link Work} what became of its calls.
 * Confined to the loop.
 *
 * <p>What it promises: a call waits for a child only while all slots are busy or none is ready; a
 * child's death costs the call it was in and no other; a child that is to leave gets no more calls,
 * finishes what it holds, and its replacement is on its way before it has gone.
 *
 * <p>A slot is the right to run calls: at most {@code processes} children hold calls at once. A
 * ready child without calls is a spare; which one is next is decided when calls come.
 */
public final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final long HOUSEKEEPING_MS = 500;
  private static final long LIMITS_MS = 20;
  private static final long LEAVE_WITHIN_NANOS = 10_000_000_000L;
  private static final long START_WITHIN_NANOS = 60_000_000_000L;
  private static final long EVIDENCE_WITHIN_MS = 200;
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final IntervalFunction RESTART_WAIT =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(50), 2, 0.2, Duration.ofSeconds(10));

  private final WorkerConfig config;
  private final WorkerLoop loop;
  private final WorkerListener listener;
  private final int maxResultBytes;
  private final String id = "w-" + UUID.randomUUID().toString().substring(0, 8);
  private final String host = hostName();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final ProcessTree tree;
  private final OrphanGuard guard;
  private final LinkServer links;
  private final ChildLauncher launcher;
  private final Bindings bindings = new Bindings();
  private final CallTimes times = new CallTimes();
  private final ArrayDeque<Segment> queue = new ArrayDeque<>();
  private final Map<String, Child> children = new LinkedHashMap<>();
  private int childNumber;
  private int failedStarts;
  private long nextStart;
  private long frontQueuedSince;
  private long kernelKills = ProcFiles.outOfMemoryKills();
  private @Nullable String recentKey;
  private boolean limitsWatched;
  private boolean populating = true;
  private boolean anyReady;

  private Supervisor(
      WorkerConfig config, WorkerLoop loop, WorkerListener listener, int maxResultBytes)
      throws IOException {
    this.config = config;
    this.loop = loop;
    this.listener = listener;
    this.maxResultBytes = maxResultBytes;
    this.tree = new ProcessTree(id);
    this.links = LinkServer.open(loop);
    this.guard = OrphanGuard.start(id, links.folder());
    this.launcher = new ChildLauncher(config, id, links.socket(), tree);
  }

  /**
   * Makes a supervisor; its children start with the next round of the loop.
   *
   * @param maxResultBytes longest outcome that a child may send
   */
  public static Supervisor start(
      WorkerConfig config, WorkerLoop loop, WorkerListener listener, int maxResultBytes)
      throws IOException {
    Supervisor supervisor = new Supervisor(config, loop, listener, maxResultBytes);
    supervisor.links.accept();
    loop.afterRound(supervisor::afterRound);
    loop.every(HOUSEKEEPING_MS, supervisor::housekeeping);
    return supervisor;
  }

  public String id() {
    return id;
  }

  public String host() {
    return host;
  }

  // ---- calls in

  /** Takes a task's calls, behind those that wait. */
  public void submit(Work work) {
    PoolSettings settings = work.task().settings();
    String key = settings.key();
    bindings.know(key, settings);
    recentKey = key;
    if (queue.isEmpty()) {
      frontQueuedSince = loop.now();
    }
    queue.addLast(new Segment(work, 0, work.task().count(), false));
  }

  /** Takes back all calls that wait for a child, for handing them to others. */
  public List<Handback> withdraw() {
    List<Handback> taken = new ArrayList<>();
    for (Segment segment : queue) {
      taken.add(new Handback(segment.work(), segment.from(), segment.to()));
    }
    queue.clear();
    return taken;
  }

  /**
   * Calls given back unstarted, or stopped in the middle by a kill of ours.
   *
   * @param from first position
   * @param to last position, exclusive
   */
  public record Handback(Work work, int from, int to) {}

  /**
   * Stops a call that a child holds: interrupts it, and kills the child if the call still runs
   * {@code graceMillis} later. Says whether a child held it.
   */
  public boolean cancel(Work work, int index, long graceMillis) {
    for (Child child : children.values()) {
      if (child.holds(work, index)) {
        child.interrupt(work, index);
        loop.after(graceMillis, () -> killIfStillIn(child, work, index));
        return true;
      }
    }
    return false;
  }

  private void killIfStillIn(Child child, Work work, int index) {
    if (child.holds(work, index) && child.state() != Child.State.GONE) {
      work.fail(
          index,
          RemoteFailure.of(FailureKind.CANCELLED, "cancelled; its child was killed", attempt(work))
              .withWhere(child.where(host)));
      child.kill("a cancelled call did not end");
    }
  }

  /** Calls now in the hands of children. */
  public int callsRunning() {
    return children.values().stream().mapToInt(Child::callsInHand).sum();
  }

  public int callsQueued() {
    return queue.stream().mapToInt(Segment::count).sum();
  }

  /** Children that hold calls. */
  public int busySlots() {
    return (int) children.values().stream().filter(child -> !child.idle()).count();
  }

  // ---- giving out

  private void afterRound() {
    populate();
    if (!queue.isEmpty()) {
      setUpBlankChildren();
      dispatch();
    }
  }

  private void dispatch() {
    int blocked = 0;
    for (int i = queue.size(); i > 0 && blocked < 64; i--) {
      Segment rest = place(queue.removeFirst());
      if (!rest.isEmpty()) {
        queue.addLast(rest);
        blocked++;
      } else if (blocked == 0) {
        frontQueuedSince = loop.now();
      }
      if (blocked == 64) {
        // the others are behind these in any case: bring the queue back into its order
        rotate(i - 1);
      }
    }
    watchLimits();
  }

  private void rotate(int untouched) {
    for (int i = 0; i < untouched; i++) {
      queue.addLast(queue.removeFirst());
    }
  }

  /** Gives out as much of the segment as children take; returns what is left. */
  private Segment place(Segment segment) {
    Segment rest = segment.skipEnded();
    Work work = rest.work();
    TaskMessage task = work.task();
    String key = task.settings().key();
    long now = loop.now();
    if (!rest.isEmpty() && refuse(rest, key, now)) {
      return rest.startingAt(rest.to());
    }
    while (!rest.isEmpty()) {
      int depth = rest.alone() ? 1 : times.depth(task.function().toString());
      Child child = pick(rest, key, depth);
      if (child == null) {
        makeRoomFor(key, now);
        return rest;
      }
      int most = Math.min(depth - child.callsInHand(), child.callsLeft());
      int count = rest.runnable(Math.max(1, most));
      child.give(work, rest.from(), rest.from() + count, rest.alone(), now);
      rest = rest.startingAt(rest.from() + count).skipEnded();
    }
    return rest;
  }

  /** Ends calls that must not start: expired ones, and those no child can be initialised for. */
  private boolean refuse(Segment segment, String key, long now) {
    Work work = segment.work();
    long expiry = work.task().expiresAtMillis();
    RemoteFailure failure = bindings.refusal(key, now).orElse(null);
    if (expiry > 0 && loop.time().epochMillis() >= expiry) {
      failure =
          RemoteFailure.of(FailureKind.EXPIRED, "not started before its expiry", attempt(work));
    }
    if (failure == null) {
      return false;
    }
    for (int index = segment.from(); index < segment.to(); index++) {
      if (!work.ended(index)) {
        work.fail(index, failure);
      }
    }
    return true;
  }

  /** The child to give calls to: an idle one first, then one whose short calls leave room. */
  private @Nullable Child pick(Segment segment, String key, int depth) {
    Child idle = null;
    Child best = null;
    int busy = 0;
    Work work = segment.work();
    boolean serial = work.task().serial();
    for (Child child : children.values()) {
      if (!child.idle()) {
        busy++;
        if (serial && child.holds(work)) {
          boolean room = child.takesCalls() && child.callsInHand() * 2 <= depth && depth > 1;
          return room ? child : null;
        }
      }
      if (!child.takesCalls() || !child.boundTo(key)) {
        continue;
      }
      if (child.idle()) {
        idle = idle == null ? child : idle;
      } else if (!segment.alone() && hasRoom(child, depth)) {
        best = best == null || child.callsInHand() < best.callsInHand() ? child : best;
      }
    }
    return idle != null && busy < config.processes() ? idle : best;
  }

  /** Refilled at half, so that frames stay large; never behind a long call. */
  private static boolean hasRoom(Child child, int depth) {
    return depth > 1
        && child.callsInHand() * 2 <= depth
        && !child.holdsAlone()
        && !child.inLongCall();
  }

  /**
   * Calls for these settings found no child. If none is bound to them or about to be, an idle child
   * bound to others is sent away; if all are busy, one whose settings hold more than their share.
   */
  private void makeRoomFor(String key, long now) {
    int slots = config.processes();
    Map<String, Integer> bound = new LinkedHashMap<>();
    for (Child child : children.values()) {
      if (child.present()) {
        String its = child.settingsKey();
        bound.merge(its == null ? key : its, 1, Integer::sum);
      }
    }
    long keysWaiting = queue.stream().map(s -> s.work().task().settings().key()).distinct().count();
    int share = (int) Math.max(1, slots / Math.max(1, keysWaiting + 1));
    int have = bound.getOrDefault(key, 0);
    if (have >= share || bound.keySet().equals(java.util.Set.of(key))) {
      return;
    }
    boolean impatient = have == 0 && now - frontQueuedSince > PATIENCE_NANOS;
    Child victim = null;
    for (Child child : children.values()) {
      String its = child.settingsKey();
      if (!child.takesCalls() || its == null || its.equals(key)) {
        continue;
      }
      boolean overShare = bound.getOrDefault(its, 0) > share;
      if (child.idle() || overShare || impatient) {
        victim = victim == null || child.idle() ? child : victim;
      }
    }
    if (victim != null) {
      recycle(victim, "bound to the settings of another pool");
    }
  }

  private static int attempt(Work work) {
    return work.task().counts().attempt();
  }

  // ---- children in

  private void populate() {
    if (!populating || loop.now() - nextStart < 0) {
      return;
    }
    int present = 0;
    int starting = 0;
    for (Child child : children.values()) {
      present += child.present() ? 1 : 0;
      starting += child.state() == Child.State.STARTING ? 1 : 0;
    }
    // spares do not compete with the first children for the processors
    int wanted = config.processes() + (anyReady ? config.spares() : 0);
    int atOnce = Math.max(2, Runtime.getRuntime().availableProcessors());
    for (; present < wanted && starting < atOnce; present++, starting++) {
      startChild();
    }
  }

  private void startChild() {
    String name = id + "-" + ++childNumber;
    Child child = new Child(name, UUID.randomUUID().toString(), loop.now());
    children.put(name, child);
    links.expect(child.token, link -> linked(child, link));
    launcher
        .start(name, child.token)
        .whenComplete((process, failure) -> loop.post(() -> started(child, process, failure)));
  }

  private void started(Child child, @Nullable ChildProcess process, @Nullable Throwable failure) {
    if (process == null) {
      links.forget(child.token);
      children.remove(child.name);
      child.gone(loop.now());
      Throwable cause =
          failure == null || failure.getCause() == null ? failure : failure.getCause();
      log.error("child {} could not be started: {}", child.name, String.valueOf(cause));
      startFailed(
          RemoteFailure.of(FailureKind.INITIALIZER_FAILED, "could not be started: " + cause, 1),
          child.settingsKey());
      return;
    }
    child.started(process);
    process
        .exit()
        .whenComplete((code, e) -> loop.post(() -> exited(child, code == null ? -1 : code)));
    log.debug("child {} started, pid {}", child.name, process.pid());
    tell(() -> listener.childStarted(child.name, process.pid()));
    if (child.killReason() != null) {
      child.kill("stopped while starting");
    }
  }

  private void linked(Child child, ChildLink link) {
    child.linked(link, loop.now());
    link.listen(frame -> frame(child, frame), fault -> linkEnded(child, fault));
    setUp(child);
  }

  /** Binds a blank child to the settings that are wanted most, if any are. */
  private void setUp(Child child) {
    String key = wantedKey();
    PoolSettings settings = key == null ? null : bindings.settings(key);
    if (key == null || settings == null) {
      return;
    }
    String initializer = settings.initializer() == null ? null : settings.initializer().toString();
    String digest = settings.initializer() == null ? null : settings.initializer().digest();
    Setup setup =
        new Setup(
            Hello.VERSION,
            child.name,
            host,
            initializer,
            digest,
            initializer == null ? null : Json.read(settings.initArgs(), JsonNode.class),
            config.appPath() == null
                ? null
                : config.appPath().stream().map(p -> p.toAbsolutePath().toString()).toList(),
            config.allow(),
            maxResultBytes);
    child.setUp(
        key, setup, RecyclePolicy.draw(config, settings.maxTasksPerChild(), random), loop.now());
  }

  private @Nullable String wantedKey() {
    long now = loop.now();
    for (Segment segment : queue) {
      String key = segment.work().task().settings().key();
      long bound = children.values().stream().filter(c -> c.present() && c.boundTo(key)).count();
      if (bound < config.processes() && bindings.mayTry(key, now)) {
        return key;
      }
    }
    String recent = recentKey;
    return recent != null && bindings.mayTry(recent, now) ? recent : null;
  }

  private void setUpBlankChildren() {
    for (Child child : children.values()) {
      if (child.state() == Child.State.BLANK && child.present()) {
        setUp(child);
      }
    }
  }

  // ---- frames

  private void frame(Child child, Frame frame) {
    long now = loop.now();
    switch (frame.type()) {
      case READY -> ready(child, now);
      case INIT_FAILED -> initFailed(child, frame.header(RemoteFailure.class));
      case OUTCOMES -> outcomes(child, frame, now);
      case RUNNING -> running(child, frame.header(CallMark.class), now);
      case NOTE -> note(child, frame.header(Note.class));
      case RECYCLE -> recycle(child, "the call asked for it");
      case HELLO, SETUP, CALLS, INTERRUPT, QUIT ->
          throw new LinkException("a child must not send " + frame.type());
    }
  }

  private void ready(Child child, long now) {
    child.ready(now);
    anyReady = true;
    failedStarts = 0;
    String key = child.settingsKey();
    if (key != null) {
      bindings.succeeded(key);
    }
    tell(() -> listener.childReady(child.name, child.pid()));
  }

  private void initFailed(Child child, RemoteFailure failure) {
    log.warn("child {} failed to initialise: {}", child.name, failure.message());
    child.recycleAfterCalls("failed to initialise");
    loop.after(2000, () -> killIfThere(child, "did not leave after its initializer failed"));
    startFailed(failure.withWhere(child.where(host)), child.settingsKey());
  }

  /** A child did not become ready: the next start waits, and calls may lose hope. */
  private void startFailed(RemoteFailure failure, @Nullable String key) {
    failedStarts++;
    long now = loop.now();
    nextStart = now + RESTART_WAIT.apply(failedStarts) * 1_000_000;
    loop.after(RESTART_WAIT.apply(failedStarts) + 1, () -> {});
    String blamed = key != null ? key : recentKey;
    if (blamed != null) {
      int inARow = bindings.failed(blamed, failure, now);
      if (inARow >= Bindings.TRIES) {
        log.error(
            "no child could be initialised in {} tries; calls fail for {} s: {}",
            inARow,
            Bindings.REFUSE_FOR.toSeconds(),
            failure.message());
      }
    }
  }

  private void outcomes(Child child, Frame frame, long now) {
    OutcomesHeader header = frame.header(OutcomesHeader.class);
    Work work = child.outcomes(frame, header, now);
    times.measured(work.task().function().toString(), header.count(), header.busyMicros());
    ChildProcess process = child.process();
    if (process != null && child.idle()) {
      process.output().runningCall("");
    }
    leaveIfDue(child);
  }

  private void running(Child child, CallMark mark, long now) {
    Work work = child.running(mark, now).orElse(null);
    if (work == null) {
      return;
    }
    times.measured(work.task().function().toString(), 1, mark.ranMicros());
    long call = work.task().calls().get(mark.index());
    ChildProcess process = child.process();
    if (process != null) {
      process.output().runningCall(" " + work.task().job() + "/" + call);
    }
    tell(() -> listener.callRunning(child.name, child.pid(), work.task().job(), call));
  }

  private void note(Child child, Note note) {
    if (note.log() != null) {
      log.info("[{}] {}", child.name, note.log());
    }
    if (note.progress() != null) {
      log.debug("[{}] call {} is at {}", child.name, note.index(), note.progress());
    }
  }

  // ---- children out

  private void recycle(Child child, String reason) {
    child.recycleAfterCalls(reason);
    leaveIfDue(child);
  }

  private void leaveIfDue(Child child) {
    String reason = child.recycleReason();
    if (reason == null || !child.idle() || child.state() != Child.State.READY) {
      return;
    }
    log.info("recycling child {} (pid {}): {}", child.name, child.pid(), reason);
    tell(() -> listener.childRecycled(child.name, child.pid(), reason));
    child.quit(loop.now());
  }

  private void killUnlessExited(Child child) {
    if (!child.hasExited()) {
      child.kill("closed its link");
    }
  }

  private void killIfThere(Child child, String reason) {
    if (children.containsKey(child.name)) {
      child.kill(reason);
    }
  }

  private void linkEnded(Child child, @Nullable String fault) {
    child.linkEnded(fault);
    if (fault != null) {
      child.kill("broke its link: " + fault);
    } else if (!child.hasExited()) {
      // the end of its process is usually next
      loop.after(EVIDENCE_WITHIN_MS, () -> killUnlessExited(child));
    }
    endIfOver(child);
  }

  private void exited(Child child, int code) {
    child.exited(code);
    ChildLink link = child.link();
    if (link == null) {
      links.forget(child.token);
    } else {
      // what it wrote before its end counts
      link.drain();
      if (!link.hasEnded()) {
        loop.after(EVIDENCE_WITHIN_MS / 2, () -> link.close(null));
      }
    }
    endIfOver(child);
  }

  private void endIfOver(Child child) {
    if (!child.hasEnded() || !children.containsKey(child.name)) {
      return;
    }
    boolean planned = child.idle() && child.state() == Child.State.LEAVING;
    ChildProcess process = child.process();
    if (planned || process == null || process.output().errorsEnded().isDone()) {
      ended(child);
      return;
    }
    // its last words may still be in the pipe
    process.output().errorsEnded().thenRun(() -> loop.post(() -> ended(child)));
    loop.after(EVIDENCE_WITHIN_MS, () -> ended(child));
  }

  private void ended(Child child) {
    if (children.remove(child.name) == null) {
      return;
    }
    Child.State last = child.state();
    child.gone(loop.now());
    tree.childEnded(child.name);
    boolean idle = child.idle();
    if (last == Child.State.LEAVING && idle) {
      log.debug("child {} has left", child.name);
      return;
    }
    long kills = ProcFiles.outOfMemoryKills();
    ExitEvidence evidence = child.evidence(host, kills > kernelKills);
    kernelKills = kills;
    if (last.compareTo(Child.State.READY) < 0) {
      if (child.recycleReason() == null && child.killReason() == null) {
        log.warn("{} before it was ready", evidence.summary());
        startFailed(
            evidence.failure(
                FailureKind.INITIALIZER_FAILED, evidence.summary() + " before it was ready", 1),
            child.settingsKey());
      }
      return;
    }
    lost(child, evidence);
  }

  private void lost(Child child, ExitEvidence evidence) {
    Child.Remains remains = child.remains();
    String ours = child.killReason();
    Level level = populating ? Level.WARN : Level.DEBUG;
    log.atLevel(level)
        .log(
            "{}{}; {} waiting calls go on elsewhere",
            evidence.summary(),
            ours == null ? "" : " (" + ours + ")",
            remains.rest().stream().mapToInt(Segment::count).sum());
    Work blamed = remains.blamed();
    if (blamed != null && !blamed.ended(remains.index())) {
      blamed.childLost(
          remains.index(),
          evidence.failure(FailureKind.CHILD_LOST, evidence.summary(), attempt(blamed)));
    }
    for (int i = remains.rest().size() - 1; i >= 0; i--) {
      queue.addFirst(remains.rest().get(i));
    }
    RemoteFailure told =
        evidence.failure(FailureKind.CHILD_LOST, ours == null ? evidence.summary() : ours, 1);
    tell(() -> listener.childLost(child.name, child.pid(), told));
  }

  // ---- watching

  private void watchLimits() {
    if (limitsWatched || children.values().stream().noneMatch(Child::limited)) {
      return;
    }
    limitsWatched = true;
    loop.after(
        LIMITS_MS,
        () -> {
          limitsWatched = false;
          List.copyOf(children.values()).forEach(this::enforceLimit);
          watchLimits();
        });
  }

  private void enforceLimit(Child child) {
    Child.Overrun over = child.overrun(loop.now()).orElse(null);
    if (over == null) {
      return;
    }
    String message =
        "ran for "
            + over.ran().toMillis()
            + " ms, over its hard limit of "
            + over.limit().toMillis()
            + " ms; its child was killed";
    over.work()
        .fail(
            over.index(),
            RemoteFailure.of(FailureKind.TIME_LIMIT, message, attempt(over.work()))
                .withWhere(child.where(host))
                .withDetails(
                    Map.of(
                        "limit", "hard",
                        "limitMs", over.limit().toMillis(),
                        "ranMs", over.ran().toMillis())));
    child.kill("hard time limit");
  }

  private void housekeeping() {
    long now = loop.now();
    setUpBlankChildren();
    for (Child child : List.copyOf(children.values())) {
      inspect(child, now);
    }
  }

  private void inspect(Child child, long now) {
    switch (child.state()) {
      case STARTING -> {
        if (child.sinceState(now) > START_WITHIN_NANOS) {
          child.kill("did not start within 60 s");
        }
      }
      case LEAVING -> {
        if (child.sinceState(now) > LEAVE_WITHIN_NANOS) {
          child.kill("did not leave within 10 s");
        }
      }
      case READY -> {
        long memory = 0;
        if (config.maxMemoryPerChild() > 0 || !child.idle()) {
          memory = ProcFiles.residentBytes(child.pid());
          child.memorySeen(ProcFiles.peakBytes(child.pid()));
        }
        String reason = child.policyReason(now, memory);
        if (reason != null) {
          recycle(child, reason);
        }
      }
      // an initializer may take as long as it likes
      case BLANK, INITIALISING, GONE -> {}
    }
  }

  // ---- end

  /** Starts no more children; those there go on. */
  public void stopPopulating() {
    populating = false;
  }

  /** Kills all children and returns the calls they held, started or not. */
  public List<Handback> killAll(String reason) {
    populating = false;
    List<Handback> taken = new ArrayList<>();
    for (Child child : List.copyOf(children.values())) {
      Child.Remains remains = child.remains();
      if (remains.blamed() != null) {
        taken.add(new Handback(remains.blamed(), remains.index(), remains.index() + 1));
      }
      for (Segment segment : remains.rest()) {
        taken.add(new Handback(segment.work(), segment.from(), segment.to()));
      }
      child.kill(reason);
    }
    return taken;
  }

  /** Lets all idle children go. */
  public void quitAll() {
    populating = false;
    for (Child child : List.copyOf(children.values())) {
      if (child.state() == Child.State.READY && child.idle()) {
        child.quit(loop.now());
      } else {
        child.kill("worker stops");
      }
    }
  }

  /** Whether no child is left. */
  public boolean childless() {
    return children.isEmpty();
  }

  /** Ends what is left, the guard last. Blocks up to some seconds; not on the loop. */
  public void close() {
    launcher.close();
    tree.close();
    guard.close();
    links.close();
  }

  // ---- small things

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      log.warn("a listener failed; that harms nothing", e);
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** The state in one line, for messages. */
  @Override
  public String toString() {
    Collection<Child> all = children.values();
    long ready = all.stream().filter(c -> c.state() == Child.State.READY).count();
    return "children "
        + busySlots()
        + " busy of "
        + ready
        + " ready, "
        + callsRunning()
        + " calls in hand, "
        + callsQueued()
        + " waiting";
  }
}
