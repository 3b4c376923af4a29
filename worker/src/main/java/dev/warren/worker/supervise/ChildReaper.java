package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.meter.WorkerMeters;
import dev.warren.worker.supervise.calls.CallsInHand;
import dev.warren.worker.supervise.calls.TaskCalls;
import dev.warren.worker.supervise.calls.WaitingCalls;
import dev.warren.worker.supervise.process.ChildLink;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.ExitEvidence;
import dev.warren.worker.supervise.process.LinkServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Handles the ends of children: waits for a child's process, its link and the rest of its stderr,
 * collects the evidence, charges the call that was running and queues the others again. Confined to
 * the loop.
 */
final class ChildReaper {
  private static final Logger log = Logs.of(Supervisor.class);
  private static final long EVIDENCE_WITHIN_MS = 200;

  private final String host;
  private final EventLoop loop;
  private final ChildRegistry registry;
  private final Dispatcher dispatcher;
  private final ChildProvisioner provisioner;
  private final ProcessHost processes;
  private final LinkServer links;
  private long kernelKills;
  private boolean stopping;

  ChildReaper(
      String host,
      EventLoop loop,
      ChildProvisioner.Crew crew,
      ChildProvisioner provisioner,
      ProcessHost processes,
      LinkServer links) {
    this.host = host;
    this.loop = loop;
    this.registry = crew.registry();
    this.dispatcher = crew.dispatcher();
    this.provisioner = provisioner;
    this.processes = processes;
    this.kernelKills = processes.outOfMemoryKills();
    this.links = links;
  }

  /** Records that children are killed because the worker stops. */
  void stopping() {
    stopping = true;
  }

  /** Its link has ended; {@code fault} is the reason, or null for an ordinary end. */
  void linkEnded(Child child, @Nullable String fault) {
    child.linkEnded(fault);
    if (fault != null) {
      child.kill(KillReason.LINK_BROKEN, "broke its link: " + fault);
    } else if (!child.hasExited()) {
      // usually its process ends next
      loop.after(
          EVIDENCE_WITHIN_MS,
          () -> killUnlessExited(child, KillReason.LINK_CLOSED, "closed its link"));
    }
    endIfOver(child);
  }

  static void killUnlessExited(Child child, KillReason reason, String text) {
    if (!child.hasExited()) {
      child.kill(reason, text);
    }
  }

  /** Its process has ended. */
  void exited(Child child, int code) {
    child.exited(code);
    ChildLink link = child.link();
    if (link == null) {
      links.forget(child.token);
    } else {
      // frames that it wrote before its end count
      link.drain();
      if (!link.hasEnded()) {
        loop.after(EVIDENCE_WITHIN_MS, () -> link.close(null));
      }
    }
    endIfOver(child);
  }

  private void endIfOver(Child child) {
    if (!child.hasEnded() || !registry.contains(child)) {
      return;
    }
    boolean planned = child.idle() && child.state() == Child.State.LEAVING;
    ChildProcess process = child.process();
    if (planned || process == null || process.output().errorsEnded().isDone()) {
      ended(child);
      return;
    }
    // its last lines may still be in the pipe
    process.output().errorsEnded().thenRun(() -> loop.post(() -> ended(child)));
    loop.after(EVIDENCE_WITHIN_MS, () -> ended(child));
  }

  private void ended(Child child) {
    if (!registry.remove(child)) {
      return;
    }
    Child.State last = child.state();
    child.gone(loop.now());
    provisioner.ended(child);
    count(child, last);
    processes.childEnded(child.name);
    if (last == Child.State.LEAVING) {
      log.debug("child {} has left", child.name);
      return;
    }
    long kills = processes.outOfMemoryKills();
    ExitEvidence evidence = child.evidence(host, kills > kernelKills, loop.now());
    kernelKills = kills;
    if (last == Child.State.READY) {
      lost(child, evidence);
    } else if (child.recycling() == null && child.killing() == null) {
      String how = evidence.how() + " before it was ready" + evidence.firstWords();
      log.warn("child {} {}", evidence.where(), how);
      RemoteFailure failure =
          evidence.failure(FailureKind.INITIALIZER_FAILED, "its child " + how, 1);
      if (last == Child.State.BLANK && evidence.fromOutside()) {
        provisioner.killedBlank();
      } else if (evidence.fromOutside()) {
        provisioner.killed(failure, child.settingsKey());
      } else {
        provisioner.failed(failure, child.settingsKey());
      }
    }
  }

  private void count(Child child, Child.State last) {
    WorkerMeters meters = registry.meters();
    Killing killing = child.killing();
    Recycling recycling = child.recycling();
    if (killing != null) {
      meters.childKilled(killing.reason());
    } else if (recycling != null && last != Child.State.READY) {
      meters.childRecycled(recycling.reason());
    } else if (last == Child.State.LEAVING) {
      meters.childStopped();
    } else {
      meters.childDied(last == Child.State.READY);
    }
    if (last == Child.State.READY && !stopping) {
      meters.slotVacant(registry.anyIdle());
    }
  }

  private void lost(Child child, ExitEvidence evidence) {
    CallsInHand.Remains remains = child.calls.remains(child.killedFor());
    Killing killing = child.killing();
    String ours = killing == null ? null : killing.text();
    log.atLevel(stopping ? Level.DEBUG : Level.WARN)
        .log(
            "child {} {}{}; {} waiting calls run elsewhere",
            evidence.where(),
            evidence.how(),
            ours == null ? "" : " (" + ours + ")",
            remains.rest().stream().mapToInt(WaitingCalls::count).sum());
    String message = "its child " + evidence.how();
    TaskCalls blamed = remains.blamed();
    if (blamed != null && !blamed.ended(remains.index())) {
      int attempt = blamed.task().counts().attempt();
      blamed.childLost(remains.index(), evidence.failure(FailureKind.CHILD_LOST, message, attempt));
    }
    for (WaitingCalls rest : remains.rest()) {
      rest.work().history().returned(rest.from(), rest.to(), "its child ended before it began");
    }
    dispatcher.addFirst(remains.rest());
    RemoteFailure told = evidence.failure(FailureKind.CHILD_LOST, ours == null ? message : ours, 1);
    registry.tell(new WorkerEvent.ChildLost(child.name, child.pid(), told));
  }
}
