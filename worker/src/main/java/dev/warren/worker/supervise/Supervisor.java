package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.ThisProcess;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.control.SlotReport;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.meter.WorkerMeters;
import dev.warren.worker.supervise.calls.CallTimes;
import dev.warren.worker.supervise.calls.CallsInHand;
import dev.warren.worker.supervise.calls.ForeignCalls;
import dev.warren.worker.supervise.calls.TaskCalls;
import dev.warren.worker.supervise.calls.WaitingCalls;
import dev.warren.worker.supervise.process.ChildLink;
import dev.warren.worker.supervise.process.LinkServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs calls in children and reports the result of each to its {@link TaskCalls}. Confined to the
 * loop.
 *
 * <p>It promises: a call waits only while all slots are busy or no child is ready; a child's death
 * costs the running call and no other; a child that is to leave gets no more calls, finishes those
 * it holds, and its replacement starts before it has left.
 *
 * <p>A slot is the right to hold calls: at most {@code processes} children have it at once. A ready
 * child without calls is a spare; which one runs next is decided when calls arrive. {@link
 * ChildProvisioner} starts children, {@link Dispatcher} gives them calls, {@link ChildRegistry}
 * recycles them, {@link ChildFrames} handles their frames, {@link ChildReaper} their ends, {@link
 * ChildInspection} their age.
 */
public final class Supervisor {
  private static final long HOUSEKEEPING_MS = 500;

  private final Identity identity;
  private final WorkerConfig config;
  private final EventLoop loop;
  private final ForeignCalls foreignCalls;
  private final ChildRegistry registry;
  private final Dispatcher dispatcher;
  private final InitializerHealth initializers = new InitializerHealth();
  private final CallTimes times;
  private final CallRecall recall;
  private final ChildFrames frames;
  private final TimeLimits limits;
  private final MemoryGuard memory;
  private final ChildInspection inspection;
  private final ChildProvisioner provisioner;
  private final ChildReaper reaper;
  private final LinkServer links;
  private final ProcessHost processes;
  private BooleanSupplier held = () -> false;

  /**
   * Identity of a supervisor.
   *
   * @param id unique per start, prefix of its children's names
   * @param host host name
   */
  record Identity(String id, String host) {}

  private Supervisor(
      WorkerConfig config,
      EventLoop loop,
      Consumer<WorkerEvent> listener,
      int maxResultBytes,
      LinkServer links,
      ProcessHost processes) {
    this.identity = new Identity(config.id(), ThisProcess.host());
    this.config = config;
    this.loop = loop;
    this.foreignCalls = new ForeignCalls(config);
    WorkerMeters meters = new WorkerMeters(config.meters());
    this.times = new CallTimes(meters);
    this.registry = new ChildRegistry(loop, listener, ChildSlots.of(config), meters);
    this.dispatcher = new Dispatcher(config.processes(), registry, times, initializers, loop);
    this.recall = new CallRecall(config.processes(), registry, times, dispatcher, loop);
    this.limits = new TimeLimits(registry, loop, identity.host());
    this.memory = new MemoryGuard(config, registry, loop, processes);
    this.inspection = new ChildInspection(registry, memory);
    this.links = links;
    this.processes = processes;
    ChildProvisioner.Crew crew =
        new ChildProvisioner.Crew(registry, dispatcher, initializers, foreignCalls);
    this.provisioner =
        new ChildProvisioner(identity, config, loop, crew, processes, links, maxResultBytes);
    this.frames =
        new ChildFrames(identity.host(), loop, registry, times, recall, memory, provisioner);
    this.reaper = new ChildReaper(identity.host(), loop, crew, provisioner, processes, links);
  }

  /**
   * Creates a supervisor; its children start with the next round of the loop.
   *
   * @param maxResultBytes maximum size of an outcome that a child may send
   * @throws IOException if its socket cannot be created
   */
  public static Supervisor start(
      WorkerConfig config, EventLoop loop, Consumer<WorkerEvent> listener, int maxResultBytes)
      throws IOException {
    return start(config, loop, listener, maxResultBytes, links -> new OsProcessHost(config, links));
  }

  /**
   * Creates a supervisor whose children another host starts.
   *
   * @param host given the links to which its children connect
   */
  static Supervisor start(
      WorkerConfig config,
      EventLoop loop,
      Consumer<WorkerEvent> listener,
      int maxResultBytes,
      Function<LinkServer, ProcessHost> host)
      throws IOException {
    LinkServer links = LinkServer.open(loop);
    Supervisor supervisor =
        new Supervisor(config, loop, listener, maxResultBytes, links, host.apply(links));
    loop.post(supervisor::begin);
    return supervisor;
  }

  private void begin() {
    provisioner.listen(
        new ChildProvisioner.Events() {
          @Override
          public void linked(Child child, ChildLink link) {
            link.listen(
                frame -> frames.handle(child, frame), fault -> reaper.linkEnded(child, fault));
          }

          @Override
          public void exited(Child child, int code) {
            reaper.exited(child, code);
          }
        });
    links.accept();
    loop.afterRound(this::afterRound);
    loop.every(HOUSEKEEPING_MS, this::housekeeping);
    memory.start();
  }

  /** Gives children no calls while {@code full} is true; called on the loop. */
  public void holdWhile(BooleanSupplier full) {
    held = full;
  }

  private void afterRound() {
    provisioner.fill();
    if (!dispatcher.isEmpty() && !held.getAsBoolean()) {
      provisioner.setUpBlankChildren();
      dispatcher.dispatch();
      limits.watch();
    }
  }

  public String id() {
    return identity.id();
  }

  /** Counts what this worker does, also outside the supervisor. */
  public WorkerMeters meters() {
    return registry.meters();
  }

  public String host() {
    return identity.host();
  }

  /** Accepts a task's calls behind the waiting ones; calls that must not run end at once. */
  public void submit(TaskCalls work) {
    if (foreignCalls.refused(work)) {
      return;
    }
    PoolSettings settings = work.task().settings();
    initializers.know(work.settingsKey(), settings);
    provisioner.expect(work.settingsKey(), work.functionName());
    dispatcher.add(new WaitingCalls(work, 0, work.task().count(), false));
  }

  /** Removes and returns all calls that wait for a child, so that other workers can run them. */
  public List<Handback> withdraw() {
    return dispatcher.takeAll().stream().map(Handback::of).toList();
  }

  /**
   * Removes and returns the calls that would wait for more than {@code micros}, so that other
   * workers can run them.
   */
  public List<Handback> withdrawBeyond(long micros) {
    return dispatcher.takeBeyond(micros).stream().map(Handback::of).toList();
  }

  /** Whether a child holds calls behind one that has been running for more than {@code micros}. */
  public boolean anyQueuedBehind(long micros) {
    return recall.anyQueuedBehind(micros);
  }

  /** Asks children to return such calls: soon they wait here and can be withdrawn. */
  public void withdrawBehind(long micros) {
    recall.withdrawBehind(micros);
  }

  /** Average microseconds per call of this function here; 0 if unknown. */
  public double averageMicros(String function) {
    return times.average(function);
  }

  /** Microseconds that the slots need for the waiting calls, estimated from recent times. */
  public long backlogMicros() {
    return dispatcher.backlogMicros();
  }

  /** Microseconds since a call was last assigned although some wait; 0 if none waits. */
  public long stalledMicros() {
    return dispatcher.stalledMicros();
  }

  /** Whether a slot is free and a child is ready for it. */
  public boolean hasFreeSlot() {
    return registry.busy() < config.processes() && registry.anyIdle();
  }

  /** Whether any child is ready. */
  public boolean hasReadyChild() {
    return registry.anyReady();
  }

  /** Whether any child is ready, or waits for the first settings. */
  public boolean hasUsableChild() {
    return registry.anyUsable();
  }

  /**
   * Calls returned unstarted, or stopped by a kill of the supervisor.
   *
   * @param from first position
   * @param to last position, exclusive
   */
  public record Handback(TaskCalls work, int from, int to) {
    static Handback of(WaitingCalls waiting) {
      return new Handback(waiting.work(), waiting.from(), waiting.to());
    }
  }

  /**
   * Stops a call that a child holds: interrupts it, and kills the child if the call still runs
   * {@code graceMillis} later. A negative grace leaves the call running. Returns false if no child
   * held it.
   */
  public boolean cancel(TaskCalls work, int index, long graceMillis) {
    for (Child child : registry.all()) {
      if (child.calls.holds(work, index)) {
        if (graceMillis < 0) {
          return true;
        }
        child.interrupt(work, index);
        loop.after(graceMillis, () -> killIfStillIn(child, work, index));
        return true;
      }
    }
    return false;
  }

  private void killIfStillIn(Child child, TaskCalls work, int index) {
    if (registry.contains(child)
        && child.calls.isFirst(work, index)
        && child.readSome()
        && child.calls.isFirst(work, index)) {
      String message = "cancelled while running; its child was killed";
      work.fail(
          index,
          RemoteFailure.of(FailureKind.CANCELLED, message, work.task().counts().attempt())
              .withWhere(child.where(host(), loop.now())));
      child.killFor(work, index, KillReason.CANCELLED, "a cancelled call did not end");
    }
  }

  /** Number of calls that children hold. */
  public int callsRunning() {
    return registry.callsInHand();
  }

  public int callsWaiting() {
    return dispatcher.callsWaiting();
  }

  /** Number of children recycled since the start. */
  public long recycled() {
    return registry.recycled();
  }

  /** Process ids of the existing children. */
  public List<Long> children() {
    return registry.pids();
  }

  /** Number of children that ended unexpectedly or were killed since the start. */
  public long lost() {
    return registry.slots().lost();
  }

  /** What each slot and each spare does. */
  public List<SlotReport> slots() {
    return registry.slots().report(loop.now());
  }

  /** Number of children that hold calls. */
  public int busySlots() {
    return registry.busy();
  }

  private void housekeeping() {
    provisioner.setUpBlankChildren();
    registry.show(config.processes(), dispatcher.backlogMicros());
    inspection.inspect(loop.now());
  }

  /** Kills all children and returns the calls they held, started or not. Starts no more. */
  public List<Handback> killAll() {
    reaper.stopping();
    provisioner.stop();
    List<Handback> taken = new ArrayList<>();
    for (Child child : registry.copy()) {
      CallsInHand.Remains remains = child.calls.remains(null);
      if (remains.blamed() != null) {
        taken.add(new Handback(remains.blamed(), remains.index(), remains.index() + 1));
      }
      remains.rest().forEach(waiting -> taken.add(Handback.of(waiting)));
      child.kill(KillReason.WORKER_STOPS, "worker stops");
    }
    return taken;
  }

  /** Sends QUIT to all children; none may hold calls. Starts no more. */
  public void quitAll() {
    reaper.stopping();
    provisioner.stop();
    for (Child child : registry.copy()) {
      if (child.state() == Child.State.READY && child.idle()) {
        child.quit(loop.now());
      } else if (child.state() != Child.State.LEAVING) {
        child.kill(KillReason.WORKER_STOPS, "worker stops");
      }
    }
  }

  /** Whether no child is left. */
  public boolean childless() {
    return registry.isEmpty();
  }

  /**
   * Ends what is left, the guard last. Blocks for up to some seconds; must not be called on the
   * loop.
   */
  public void close() {
    processes.close();
    links.close();
  }

  @Override
  public String toString() {
    return registry + ", " + callsWaiting() + " waiting";
  }
}
