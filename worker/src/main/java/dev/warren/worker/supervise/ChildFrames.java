package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.InitFailedHeader;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.Note;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.RecycleHeader;
import dev.warren.worker.link.ReturnedHeader;
import dev.warren.worker.supervise.calls.CallTimes;
import dev.warren.worker.supervise.calls.TaskCalls;
import org.slf4j.Logger;

/**
 * Handles the frames of children: that a child is ready or has failed to initialise, outcomes, and
 * reports about running calls with their log lines, progress and stacks. Confined to the loop.
 */
final class ChildFrames {
  private static final Logger log = Logs.of(Supervisor.class);

  /** Maximum length of a kept stack, in characters. */
  private static final int LONGEST_STACK = 64 * 1024;

  private static final long LEAVE_WITHIN_MS = 2000;

  private final String host;
  private final EventLoop loop;
  private final ChildRegistry registry;
  private final CallTimes times;
  private final CallRecall recall;
  private final MemoryGuard memory;
  private final ChildProvisioner provisioner;

  ChildFrames(
      String host,
      EventLoop loop,
      ChildRegistry registry,
      CallTimes times,
      CallRecall recall,
      MemoryGuard memory,
      ChildProvisioner provisioner) {
    this.host = host;
    this.loop = loop;
    this.registry = registry;
    this.times = times;
    this.recall = recall;
    this.memory = memory;
    this.provisioner = provisioner;
  }

  /**
   * Handles one frame.
   *
   * @throws LinkException if a child must not send it; the link then ends
   */
  void handle(Child child, Frame frame) {
    long now = loop.now();
    switch (frame.type()) {
      case READY -> ready(child, now);
      case INIT_FAILED -> initFailed(child, InitFailedHeader.read(frame));
      case OUTCOMES -> outcomes(child, frame, now);
      case RUNNING -> running(child, CallMark.read(frame), now);
      case RETURNED -> recall.returned(child, ReturnedHeader.read(frame));
      case NOTE -> note(child, Note.read(frame));
      case RECYCLE -> registry.recycle(child, Recycling.asked(RecycleHeader.read(frame)));
      case HELLO, SETUP, CALLS, INTERRUPT, WITHDRAW, QUIT ->
          throw new LinkException("a child must not send " + frame.type());
    }
  }

  private void ready(Child child, long now) {
    child.ready(now);
    String limitTooLow = memory.whenReady(child);
    if (!limitTooLow.isEmpty()) {
      log.error(limitTooLow);
      child.kill(KillReason.MEMORY_BEFORE_CALLS, "uses too much memory before its first call");
      provisioner.failed(
          RemoteFailure.of(FailureKind.INITIALIZER_FAILED, limitTooLow, 1)
              .withWhere(child.where(host, loop.now())),
          child.settingsKey());
      return;
    }
    registry.meters().childReady(child.life.startNanos());
    provisioner.succeeded(child);
    registry.tell(new WorkerEvent.ChildReady(child.name, child.pid()));
  }

  private void initFailed(Child child, RemoteFailure failure) {
    log.warn("child {} failed to initialise: {}", child.name, failure.message());
    child.recycleAfterCalls(
        new Recycling(RecycleReason.INITIALIZER_FAILED, "failed to initialise"));
    loop.after(
        LEAVE_WITHIN_MS,
        () ->
            ChildReaper.killUnlessExited(
                child, KillReason.NOT_LEFT, "did not leave after its initializer failed"));
    provisioner.failed(failure.withWhere(child.where(host, loop.now())), child.settingsKey());
  }

  private void outcomes(Child child, Frame frame, long now) {
    OutcomesHeader header = OutcomesHeader.read(frame);
    TaskCalls work = child.outcomes(frame, header, now);
    times.ended(work.functionName(), header.count(), header.busyMicros());
    registry.leaveIfDue(child);
  }

  /** A call has been running for some time. */
  private void running(Child child, CallMark mark, long now) {
    TaskCalls work = child.calls.running(mark, now).orElse(null);
    if (work == null) {
      return;
    }
    times.measured(work.functionName(), 1, mark.ranMicros());
    work.history()
        .add(
            HistoryEvent.RUNNING,
            mark.index(),
            mark.index() + 1,
            now - mark.ranMicros() * 1000,
            "in child " + child.name + ", process " + child.pid());
    String job = work.task().job();
    long call = work.task().calls().get(mark.index());
    child.nameInOutput(job + "/" + call);
    registry.tell(new WorkerEvent.CallRunning(child.name, child.pid(), job, call));
    recall.running(child, mark, work);
  }

  /** A call or its child reports a log line, progress or a stack. */
  private void note(Child child, Note note) {
    Double done = note.progress();
    if (note.log() != null) {
      log.info("[{}] {}", child.name, note.log());
    }
    if (done != null) {
      child.calls.held(note.task()).ifPresent(work -> progress(child, work, note.index(), done));
    }
    String stack = note.stack();
    if (stack != null) {
      child.calls.held(note.task()).ifPresent(work -> located(child, work, note, stack));
    }
  }

  private void located(Child child, TaskCalls work, Note note, String stack) {
    String kept = stack.length() <= LONGEST_STACK ? stack : stack.substring(0, LONGEST_STACK);
    if (child.calls.located(work, note.index(), kept) && "soft".equals(note.limit())) {
      work.history().add(HistoryEvent.SOFT_LIMIT, note.index(), "its thread is interrupted");
      log.info(
          "[{} {}/{}] exceeded its soft time limit and is interrupted here:\n{}",
          child.name,
          work.task().job(),
          work.task().calls().get(note.index()),
          kept.stripTrailing());
    }
  }

  private void progress(Child child, TaskCalls work, int index, double done) {
    if (index < 0 || index >= work.task().count()) {
      throw new LinkException("NOTE of call " + index + " of " + work.task().count());
    }
    String job = work.task().job();
    long call = work.task().calls().get(index);
    log.debug("[{} {}/{}] is at {}", child.name, job, call, done);
    registry.tell(new WorkerEvent.CallProgress(child.name, child.pid(), job, call, done));
  }
}
