package dev.warren.worker.child.loop;

import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.HeaderReader;
import dev.warren.worker.link.LinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the supervisor sends off the link and lays it on the {@link CallQueue}. The runner
 * does so itself whenever it has no calls, so that a call wakes one thread and not two; while it is
 * away for long, the watcher does. Thread-safe: this object's monitor guards reading, and is held
 * until what was read is on the desk, so that frames keep their order. Who holds it may take the
 * desk's lock, never the other way round.
 */
public final class CallIntake {
  private final ParentLink link;
  private final CallQueue desk;
  private final boolean ownProcess;
  private final Thread runner;
  // set by the runner, read by the watcher
  private volatile boolean stopped;

  public CallIntake(ParentLink link, CallQueue desk, boolean ownProcess, Thread runner) {
    this.link = link;
    this.desk = desk;
    this.ownProcess = ownProcess;
    this.runner = runner;
  }

  /** The first frame, which is not for the desk; for the runner, before there is a watcher. */
  public synchronized @Nullable Frame first() throws IOException {
    Frame frame = link.poll();
    while (frame == null && !link.ended()) {
      link.runners.await(CallQueue.NEVER_NANOS);
      frame = link.poll();
    }
    return frame;
  }

  /** The runner's next calls, waiting for them; null once the child is to end. */
  public @Nullable CallBatch take() {
    CallBatch next;
    do {
      while (desk.runnerIsToRead()) {
        if (!receiveAll()) {
          await(link.runners, CallQueue.NEVER_NANOS);
        }
        Thread.interrupted(); // by a thread that a call left behind; it was not meant for us
      }
      next = desk.next();
    } while (next == null && !desk.quits());
    return next;
  }

  /**
   * Has the watcher leave the link alone, for a process that ends: a JVM that ends waits 300 ms for
   * threads that are in the operating system's hands.
   */
  public void stop() {
    stopped = true;
    link.watchers.wakeup();
  }

  private void await(LinkWaiter waiter, long nanos) {
    try {
      waiter.await(nanos);
    } catch (IOException | RuntimeException e) {
      linkBroke(e);
    }
  }

  /**
   * Takes in all that has come; says whether anything had. The runner is told once of calls that
   * came together. The child ends with the link.
   */
  private synchronized boolean receiveAll() {
    try {
      Frame first = link.poll();
      List<CallBatch> calls = new ArrayList<>();
      for (Frame frame = first; frame != null; frame = link.poll()) {
        if (frame.type() == FrameType.CALLS) {
          calls.add(CallBatch.of(frame));
        } else {
          desk.put(calls);
          calls.clear();
          receive(frame);
        }
      }
      if (!calls.isEmpty()) {
        desk.put(calls);
      }
      if (link.ended()) {
        linkEnded();
      }
      return first != null;
    } catch (IOException | RuntimeException | Error e) {
      linkBroke(e);
      return false;
    }
  }

  private void receive(Frame frame) {
    switch (frame.type()) {
      case INTERRUPT -> desk.cancel(HeaderReader.mark(frame));
      case WITHDRAW -> desk.withdraw();
      case QUIT -> desk.quit();
      default -> throw new LinkException("a child takes no " + frame.type() + " frame");
    }
  }

  private void linkBroke(Throwable e) {
    if (ownProcess) { // the supervisor keeps its stderr as evidence, and has none of a thread
      System.err.println("child ends: its link broke: " + e);
    }
    linkEnded();
  }

  private void linkEnded() {
    if (ownProcess) {
      ChildExit.withParent();
    }
    desk.close();
    runner.interrupt();
  }

  // a class, not a lambda: the first lambda of a process costs it some 20 ms

  /** Does what is due at a time, and reads while the runner does not. */
  public final class Watcher implements Runnable {
    @Override
    public void run() {
      for (long wait = desk.tick(); wait > 0; wait = desk.tick()) {
        if (!desk.watcherIsToRead() || stopped) {
          LockSupport.parkNanos(this, wait);
        } else if (!receiveAll()) {
          await(link.watchers, wait);
        }
      }
    }
  }
}
