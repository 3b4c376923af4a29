package dev.warren.task;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The context of a running call, from {@code TaskContext.current()} inside the function. Bound to
 * the call and to the thread that runs it; keep no reference to it.
 */
public abstract class TaskContext {
  private static final ThreadLocal<TaskContext> CURRENT = new ThreadLocal<>();

  /** For Warren; users call {@link #current}. */
  protected TaskContext() {}

  /**
   * Returns the context of the call that this thread runs.
   *
   * @throws IllegalStateException on any other thread
   */
  public static TaskContext current() {
    TaskContext context = CURRENT.get();
    if (context == null) {
      throw new IllegalStateException("not inside a call: " + Thread.currentThread().getName());
    }
    return context;
  }

  /** Whether this thread runs a call, so that {@link #current()} returns its context. */
  public static boolean insideCall() {
    return CURRENT.get() != null;
  }

  /** Makes this the context of the calling thread; for the code that runs calls. */
  protected final void enter() {
    CURRENT.set(this);
  }

  /** Undoes {@link #enter()}. */
  protected final void leave() {
    CURRENT.remove();
  }

  /** Name of the child that runs the call, as shown in logs and failures. */
  public abstract String child();

  /** Name of the worker whose child runs the call, as shown in its log and heartbeats. */
  public abstract String worker();

  /** Name of the call's job. */
  public abstract String jobId();

  /** Number of the call, unique among its owner's calls; the same in every attempt. */
  public abstract long callId();

  /** Number of this attempt, from 1. */
  public abstract int attempt();

  /** When the hard time limit will end the call; empty if there is none. */
  public abstract Optional<Instant> deadline();

  /** Whether the owner has cancelled the call, or its soft time limit has passed. */
  public abstract boolean cancelled();

  /** Writes a line to the supervisor's log, tagged with the child and the call. */
  public abstract void log(String line);

  /**
   * Reports the call's progress, 0 to 1, without any effect on its outcome. The listener of a
   * {@code local:} pool receives it; otherwise the worker logs it at debug level. At most ten
   * values per second are sent; 1 is always sent.
   *
   * @throws IllegalArgumentException if {@code done} is not 0 to 1
   */
  public abstract void progress(double done);

  /**
   * Returns the W3C {@code traceparent} of the span that the worker has started for this attempt of
   * the call, so that the function can continue the trace; null if the worker traces nothing.
   */
  public @Nullable String traceparent() {
    return null;
  }

  /** Asks for this child to be replaced once the call has ended. */
  public abstract void requestRecycle();
}
