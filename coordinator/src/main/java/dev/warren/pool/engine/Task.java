package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One task message's calls on the owner's side: which of them have not ended, and who waits for
 * them. Opaque outside this package. Thread-safe.
 *
 * <p>For maintainers: there is one of these per message, so for a lone call one per call; keep it
 * small. {@code open} is the only truth about which outcome is the first.
 */
public final class Task {
  final long first;
  final int count;
  final long base;
  final Receiver receiver;
  final CallTimes.Measured times;
  final long expiresAtMillis;
  // written when the broker has taken the message, or a part of it; read by the watch
  volatile boolean confirmed;
  // written once, before the message is published
  volatile long sentNanos;

  // written once, before the parts are sent
  volatile boolean inParts;

  @GuardedBy("this")
  private int left;

  @GuardedBy("this")
  private boolean inFlight;

  @GuardedBy("this")
  private boolean outOfTable;

  // ended calls; null while none has, and for ever where there is but one call
  @GuardedBy("this")
  private @Nullable BitSet ended;

  /**
   * A task that is not sent yet.
   *
   * @param first number of its first call; the others follow
   * @param base index, in its job, of its first call
   */
  Task(
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

  /** Number of the last call. */
  long last() {
    return first + count - 1;
  }

  /** Counts the task as one of those in flight; says whether it has calls left to send. */
  synchronized boolean enter() {
    inFlight = left > 0;
    return inFlight;
  }

  /** Ends what {@link #enter()} began; says whether it had. */
  synchronized boolean leave() {
    boolean was = inFlight;
    inFlight = false;
    return was;
  }

  /** Marks call {@code index} ended; says whether it had not been. */
  synchronized boolean end(int index) {
    if (left == 0 || (ended != null && ended.get(index))) {
      return false;
    }
    if (count > 1) {
      bits().set(index);
    }
    left--;
    return true;
  }

  /** Marks all of them ended if none had been; says whether it did. */
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

  /** How many calls have not ended. */
  synchronized int left() {
    return left;
  }

  /** Whether all calls have ended; true once, to one who asks. */
  synchronized boolean leaveTable() {
    boolean leaves = left == 0 && !outOfTable;
    outOfTable |= leaves;
    return leaves;
  }

  /** Whether call {@code index} has not ended. */
  synchronized boolean open(int index) {
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
