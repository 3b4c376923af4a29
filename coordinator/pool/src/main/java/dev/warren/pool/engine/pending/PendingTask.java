package dev.warren.pool.engine.pending;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The owner's side of one task message: which of its calls have not ended, and their receiver.
 * Opaque outside this package. Thread-safe.
 *
 * <p>For maintainers: there is one instance per message, so possibly one per call; keep it small.
 * The record of ended calls alone decides which outcome is the first.
 */
public final class PendingTask {
  public final long first;
  public final int count;
  final long base;
  public final Receiver receiver;
  public final CallTimes.Measured times;
  public final long expiresAtMillis;
  // volatile: read by the watch
  private volatile boolean confirmed;
  // volatile: written once, before the message is published
  private volatile long sentNanos;

  // volatile: written once, before the parts are sent
  private volatile boolean inParts;

  @GuardedBy("this")
  private int left;

  @GuardedBy("this")
  private boolean inFlight;

  @GuardedBy("this")
  private boolean outOfTable;

  // ended calls; null while there are none, and always for a single call
  @GuardedBy("this")
  private @Nullable BitSet ended;

  /**
   * Creates a task that is not sent yet.
   *
   * @param first number of its first call; the others follow
   * @param base index of its first call in the job
   */
  public PendingTask(
      long first,
      int count,
      long base,
      Receiver receiver,
      CallTimes.Measured times,
      long expiresAtMillis) {
    this.first = first;
    this.count = count;
    this.base = base;
    this.receiver = receiver;
    this.times = times;
    this.expiresAtMillis = expiresAtMillis;
    this.left = count;
  }

  /** The task is about to be published, at this time; never 0. */
  public void sent(long nanos) {
    sentNanos = nanos == 0 ? 1 : nanos;
  }

  /** Whether it has been published, or is about to be. */
  public boolean isSent() {
    return sentNanos != 0;
  }

  /** When it was published; 0 before. */
  public long sentNanos() {
    return sentNanos;
  }

  /** The broker has confirmed the message or a part of it. */
  public void confirmed() {
    confirmed = true;
  }

  /** Whether the broker has confirmed the message or a part of it. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** The task was split into parts that are sent one after another. */
  public void split() {
    inParts = true;
  }

  /** Whether parts of the task may have to be sent when calls end. */
  boolean isSplit() {
    return inParts;
  }

  /** Number of the last call. */
  public long last() {
    return first + count - 1;
  }

  /** Marks the task as in flight; returns false if it has no calls left to send. */
  public synchronized boolean enter() {
    inFlight = left > 0;
    return inFlight;
  }

  /** Undoes {@link #enter()}; returns whether the task was in flight. */
  public synchronized boolean tryLeave() {
    boolean was = inFlight;
    inFlight = false;
    return was;
  }

  /** The call had ended before this task was entered; called before it is in the table. */
  public void endedBefore(int index) {
    var unused = tryEnd(index);
  }

  /** Marks call {@code index} as ended; returns false if it already was. */
  synchronized boolean tryEnd(int index) {
    if (left == 0 || (ended != null && ended.get(index))) {
      return false;
    }
    if (count > 1) {
      bits().set(index);
    }
    left--;
    return true;
  }

  /** Marks all calls of the range as ended if none was; returns whether it did. */
  synchronized boolean endAll(int from, int to) {
    if (left < to - from || (ended != null && !ended.get(from, to).isEmpty())) {
      return false;
    }
    if (count > 1) {
      bits().set(from, to);
    }
    left -= to - from;
    return true;
  }

  /** Tells the receiver where calls {@code from} to {@code to} (exclusive) ran, and how long. */
  public void ran(int from, int to, RanBy by) {
    receiver.ran(base + from, to - from, by);
  }

  /** Number of open calls. */
  public synchronized int left() {
    return left;
  }

  /** Returns true exactly once: at the first call after all calls have ended. */
  synchronized boolean leaveTable() {
    boolean leaves = left == 0 && !outOfTable;
    outOfTable |= leaves;
    return leaves;
  }

  /** Whether call {@code index} has not ended. */
  public synchronized boolean open(int index) {
    return left > 0 && (ended == null || !ended.get(index));
  }

  @GuardedBy("this")
  private BitSet bits() {
    BitSet bits = ended;
    if (bits == null) {
      bits = new BitSet(count);
      ended = bits;
    }
    return bits;
  }
}
