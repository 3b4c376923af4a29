package dev.warren.task;

import java.time.Instant;
import java.util.Optional;

/**
 * What a running call may know of itself and ask for: {@code TaskContext.current()} inside the
 * function. Bound to the thread that runs the call, and to that call only; keep no reference to it.
 */
public abstract class TaskContext {
  private static final ThreadLocal<TaskContext> CURRENT = new ThreadLocal<>();

  /**
   * The context of the call this thread runs.
   *
   * @throws IllegalStateException on a thread that runs no call
   */
  public static TaskContext current() {
    TaskContext context = CURRENT.get();
    if (context == null) {
      throw new IllegalStateException("not inside a call: " + Thread.currentThread().getName());
    }
    return context;
  }

  /** Whether this thread runs a call, so that {@link #current()} gives its context. */
  public static boolean insideCall() {
    return CURRENT.get() != null;
  }

  /** Makes this the context of the calling thread; for the code that runs calls. */
  protected final void enter() {
    CURRENT.set(this);
  }

  /** Ends what {@link #enter()} began. */
  protected final void leave() {
    CURRENT.remove();
  }

  /** Name of the child that runs the call, as logs and failures have it. */
  public abstract String child();

  /** Name of the worker whose child runs the call, as its log and its heartbeats have it. */
  public abstract String worker();

  /** Name of the job this call belongs to. */
  public abstract String jobId();

  /** Number of the call, unique among its owner's calls; the same in every attempt. */
  public abstract long callId();

  /** Number of this attempt, from 1. */
  public abstract int attempt();

  /** When the hard time limit will end the call; empty where there is none. */
  public abstract Optional<Instant> deadline();

  /** Whether the owner has cancelled the call, or its soft limit has passed. */
  public abstract boolean cancelled();

  /** Writes a line to the supervisor's log, marked with the child and the call. */
  public abstract void log(String line);

  /**
   * Tells how far the call is, 0 to 1; of no effect on the outcome. The listener of a {@code
   * local:} pool hears of it; elsewhere the worker's log shows it at level debug. At most ten
   * values a second are sent, and 1 always.
   *
   * @throws IllegalArgumentException if it is not 0 to 1
   */
  public abstract void progress(double done);

  /** Asks for this child to be replaced once the call has ended. */
  public abstract void requestRecycle();
}
