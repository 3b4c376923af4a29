package dev.warren.pool.engine.submit;

import dev.warren.pool.engine.collect.Backlog;

/**
 * How far a job's input may be read ahead of its results, and how much goes into the next message.
 * Guarded by the job's {@link InputFeed}.
 */
final class FeedWindow {
  private final boolean lazy;
  private final long inputSize;
  private final Window window;
  private final ChunkPlan plan;
  private final Capacity capacity;
  private final Backlog backlog;
  private long read;
  private long released;

  /**
   * Creates a window for an input of which nothing has been read.
   *
   * @param lazy whether a call counts until its result is consumed, not only until it ends
   * @param inputSize number of items; -1 if unknown
   * @param given the job's window; 0 for Warren's choice
   */
  FeedWindow(
      boolean lazy, long inputSize, int given, ChunkPlan plan, Capacity capacity, Backlog backlog) {
    this.lazy = lazy;
    this.inputSize = inputSize;
    this.window = lazy ? Window.taken(given) : Window.ended();
    this.plan = plan;
    this.capacity = capacity;
    this.backlog = backlog;
  }

  /** Number of calls read. */
  long read() {
    return read;
  }

  /** Calls have been read; a negative number takes some back. */
  void addRead(int calls) {
    read += calls;
  }

  /** Adds calls whose arguments or results have this size. */
  void addRead(int calls, long bytes) {
    addRead(calls);
    addBytes(bytes, calls);
  }

  /** Calls are no longer in flight. */
  void release(int calls) {
    released += calls;
  }

  /** Records the size of arguments or results. */
  void addBytes(long bytes, int calls) {
    window.add(bytes, calls);
  }

  /** Number of calls that may be read now. */
  long room() {
    if (lazy && backlog.isFull()) {
      return 0; // no space for more results
    }
    return limit() - (read - released);
  }

  /**
   * Room worth waking up for: a quarter of the window, so that short calls share the cost of a
   * wake-up.
   */
  long need() {
    return read == released ? 1 : Math.max(needForOne(), limit() / 4);
  }

  /** Room worth sending for: one message, or half of the window. */
  int needForOne() {
    return Math.max(1, Math.min(chunk(), limit() / 2));
  }

  /** Number of calls for the next message. */
  int chunk() {
    return plan.next(capacity.slots(), inputSize < 0 ? -1 : inputSize - read);
  }

  private int limit() {
    return window.limit(plan, capacity.slots(), chunk(), capacity.wayMicros());
  }
}
