package dev.warren.worker.child.loop;

import dev.warren.wire.FunctionCache;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.LinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames from the link and passes them to the {@link CallQueue}. The runner reads whenever it
 * has no calls, so that an arriving call wakes one thread and not two; during long calls the
 * watcher reads. Thread-safe: this object's monitor guards reading and is held until the frames
 * have been passed on, so that they keep their order. Lock order: this monitor, then the queue's
 * lock.
 */
public final class CallIntake {
  private final ParentLink link;
  private final CallQueue queue;
  private final boolean ownProcess;
  private final Thread runner;
  private final FunctionCache functions = new FunctionCache();
  // volatile: set by the runner, read by the watcher
  private volatile boolean stopped;

  public CallIntake(ParentLink link, CallQueue queue, boolean ownProcess, Thread runner) {
    this.link = link;
    this.queue = queue;
    this.ownProcess = ownProcess;
    this.runner = runner;
  }

  /**
   * Reads the first frame, which is not for the queue; called by the runner before the watcher
   * exists.
   */
  public synchronized @Nullable Frame first() throws IOException {
    Frame frame = link.poll();
    while (frame == null && !link.ended()) {
      link.runners.await(CallQueue.NEVER_NANOS);
      frame = link.poll();
    }
    return frame;
  }

  /** Returns the runner's next calls, waiting for them; null when the child must exit. */
  public @Nullable CallBatch take() {
    CallBatch next;
    do {
      while (queue.runnerIsToRead()) {
        if (!receiveAll()) {
          await(link.runners, CallQueue.NEVER_NANOS);
        }
        Thread.interrupted(); // set by a thread that a call left behind, not meant for the runner
      }
      next = queue.next();
    } while (next == null && !queue.quits());
    return next;
  }

  /**
   * Makes the watcher stop using the link before the process exits: an exiting JVM waits up to 300
   * ms for threads that are in a system call.
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
   * Reads everything that has arrived; returns whether there was anything. The runner is woken once
   * for calls that arrive together. The child exits at the end of the link.
   */
  private synchronized boolean receiveAll() {
    try {
      Frame first = link.poll();
      List<CallBatch> calls = new ArrayList<>();
      for (Frame frame = first; frame != null; frame = link.poll()) {
        if (frame.type() == FrameType.CALLS) {
          calls.add(CallBatch.of(frame, functions));
        } else {
          queue.put(calls);
          calls.clear();
          receive(frame);
        }
      }
      if (!calls.isEmpty()) {
        queue.put(calls);
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
      case INTERRUPT -> queue.cancel(CallMark.read(frame));
      case WITHDRAW -> queue.withdraw();
      case QUIT -> queue.quit();
      default -> throw new LinkException("unexpected " + frame.type() + " frame for a child");
    }
  }

  private void linkBroke(Throwable e) {
    if (ownProcess) { // stderr is the supervisor's evidence; a thread has none
      System.err.println("child exits: its link broke: " + e);
    }
    linkEnded();
  }

  private void linkEnded() {
    if (ownProcess) {
      ChildExit.withParent();
    }
    queue.close();
    runner.interrupt();
  }

  // a class, not a lambda: the first lambda of a process costs about 20 ms

  /** Runs timed work (limits, flushes), and reads the link while the runner does not. */
  public final class Watcher implements Runnable {
    @Override
    public void run() {
      for (long wait = queue.tick(); wait > 0; wait = queue.tick()) {
        if (!queue.watcherIsToRead() || stopped) {
          LockSupport.parkNanos(this, wait);
        } else if (!receiveAll()) {
          await(link.watchers, wait);
        }
      }
    }
  }
}
