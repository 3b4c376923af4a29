package dev.warren.cli.map;

import dev.warren.task.Payload;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The input of the calls that have been read and whose outcomes are not written yet, for a run that
 * needs it again. The pool's window bounds their number. Thread-safe.
 */
final class CallsInFlight {
  private final boolean remembers;
  private final ConcurrentMap<Long, Call> calls = new ConcurrentHashMap<>();

  /**
   * Creates an empty table.
   *
   * @param remembers whether inputs are kept; otherwise every call is the one at its position
   */
  CallsInFlight(boolean remembers) {
    this.remembers = remembers;
  }

  /**
   * A call.
   *
   * @param index its line in the input, from 0
   * @param input the line as JSON; empty if inputs are not kept
   */
  record Call(long index, Payload input) {}

  /** Adds the call that the pool reads as number {@code order}, from 0. */
  void add(long order, long index, Payload input) {
    if (remembers) {
      calls.put(order, new Call(index, input));
    }
  }

  /** Removes and returns a call. */
  Call remove(long order) {
    @Nullable Call call = calls.remove(order);
    return call == null ? new Call(order, Payload.EMPTY) : call;
  }
}
