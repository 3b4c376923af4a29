package dev.warren.pool.engine;

import dev.warren.wire.LineBuffer;
import dev.warren.wire.Lines;
import org.jspecify.annotations.Nullable;

/** Puts a job's calls together for one message. Not thread-safe. */
final class Packing {
  private static final int MOST_BYTES = 256 * 1024;

  private Lines.Builder lines = new Lines.Builder(256, 16);
  private long first;

  /** Calls that are in it. */
  int count() {
    return lines.count();
  }

  /** Whether this line may share the message with those that are in it. */
  boolean fits(LineBuffer line) {
    return lines.count() == 0 || lines.size() + line.size() <= MOST_BYTES;
  }

  /** Adds the call with this index; it follows those that are in it. */
  void add(long index, LineBuffer line) {
    if (lines.count() == 0) {
      first = index;
    }
    lines.line().write(line.array(), 0, (int) line.size());
    lines.endLine();
  }

  /** Takes out what is in it; null where that is nothing. */
  @Nullable Packed take() {
    if (lines.count() == 0) {
      return null;
    }
    Packed taken = new Packed(first, lines.build());
    lines = new Lines.Builder(Math.min(MOST_BYTES, lines.size() + 64), lines.count());
    return taken;
  }

  /**
   * Calls for one message.
   *
   * @param first index, in the job, of the first of them
   * @param lines arguments, one line per call
   */
  record Packed(long first, Lines lines) {
    int count() {
      return lines.count();
    }
  }
}
