package dev.warren.pool;

import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of calls by name, consumed one by one while the input is still being read; see {@link
 * Pool#json}. Must be used by one thread at a time; {@link #close()} and the counts are safe from
 * any thread.
 *
 * <p>A failed call is an item like any other. If the input itself throws, the outcomes of
 * everything read before come first, then that exception.
 */
public interface JsonOutcomes extends Iterator<JsonOutcomes.Item>, AutoCloseable {

  /**
   * The outcome of one call: a value or a failure.
   *
   * @param index position of its arguments in the input, from 0
   * @param value the function's result as JSON; null if the call failed
   * @param failure why there is no value; null if there is one
   * @param micros how long a child was busy with it, in microseconds: the mean of the calls that
   *     shared its message; -1 if no worker reported it
   * @param worker id of the worker that reported it; empty if none did
   */
  record Item(
      long index,
      @Nullable Payload value,
      @Nullable RemoteFailure failure,
      long micros,
      String worker) {
    public Item {
      if ((value == null) == (failure == null)) {
        throw new IllegalArgumentException("call " + index + " needs a value or a failure");
      }
    }

    /** An outcome that no worker reported. */
    public Item(long index, @Nullable Payload value, @Nullable RemoteFailure failure) {
      this(index, value, failure, -1, "");
    }

    /** Applies {@code onValue} or {@code onFailure}, whichever matches this outcome. */
    public <T extends @Nullable Object> T fold(
        Function<Payload, T> onValue, Function<RemoteFailure, T> onFailure) {
      return failure == null
          ? onValue.apply(Objects.requireNonNull(value))
          : onFailure.apply(failure);
    }
  }

  /** Number of argument arrays read. */
  long read();

  /** Number of calls that have ended, consumed or not. */
  long ended();

  /** Whether the input has been read completely, so that {@link #read()} is the total. */
  boolean inputEnded();

  /**
   * Stops reading the input and cancels all calls that have not ended. Does not wait; idempotent.
   */
  @Override
  void close();
}
