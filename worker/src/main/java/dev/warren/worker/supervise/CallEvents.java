package dev.warren.worker.supervise;

import dev.warren.lifecycle.Logs;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.Note;
import dev.warren.worker.supervise.calls.CallTimes;
import dev.warren.worker.supervise.calls.TaskCalls;
import org.slf4j.Logger;

/**
 * Handles children's reports about running calls: that a call is running, its log lines, its
 * progress, and its stack when a time limit expires. Confined to the loop.
 */
final class CallEvents {
  private static final Logger log = Logs.of(Supervisor.class);

  /** Maximum length of a kept stack, in characters. */
  private static final int LONGEST_STACK = 64 * 1024;

  private final ChildRegistry registry;
  private final CallTimes times;
  private final CallRecall recall;

  CallEvents(ChildRegistry registry, CallTimes times, CallRecall recall) {
    this.registry = registry;
    this.times = times;
    this.recall = recall;
  }

  /** A call has been running for some time. */
  void running(Child child, CallMark mark, long now) {
    TaskCalls work = child.calls.running(mark, now).orElse(null);
    if (work == null) {
      return;
    }
    times.measured(work.functionName(), 1, mark.ranMicros());
    String job = work.task().job();
    long call = work.task().calls().get(mark.index());
    child.nameInOutput(job + "/" + call);
    registry.tell(listener -> listener.callRunning(child.name, child.pid(), job, call));
    recall.running(child, mark, work);
  }

  /** A call or its child reports a log line, progress or a stack. */
  void note(Child child, Note note) {
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
    registry.tell(listener -> listener.callProgress(child.name, child.pid(), job, call, done));
  }
}
