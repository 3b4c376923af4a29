package dev.warren.lifecycle;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/**
 * A loop that runs one action at a time, in rounds: channels that became ready, then posted
 * actions, then timers that are due, then every {@linkplain #afterRound finisher}, then the actions
 * given to {@link #endRoundWith}. State that only its actions touch needs no lock.
 *
 * <p>{@link #post} and {@link #afterRound} are thread-safe; everything else is confined to the
 * loop. No action may block. An action that throws harms no other action.
 */
public interface EventLoop {
  /** Runs {@code action} soon, after the actions posted before it. Dropped after the loop's end. */
  void post(Runnable action);

  /** Runs {@code action} at the end of this and every later round. */
  void afterRound(Runnable action);

  /** Runs {@code action} once, at the end of this round, after all finishers. */
  void endRoundWith(Runnable action);

  /** Runs {@code action} once, after {@code delayMillis}. */
  Timer after(long delayMillis, Runnable action);

  /** Runs {@code action} every {@code periodMillis}, first after one period. */
  Timer every(long periodMillis, Runnable action);

  /** Monotonic nanoseconds, as {@link TimeSource#nanos}. */
  long now();

  /** The loop's clocks. */
  TimeSource time();

  /** Calls {@code ready} whenever the channel is ready for one of {@code operations}. */
  SelectionKey register(SelectableChannel channel, int operations, Runnable ready)
      throws IOException;

  /** An action that a loop runs later, once or repeatedly. Confined to the loop. */
  interface Timer {
    /** Keeps the action from running again. Idempotent. */
    void cancel();
  }
}
