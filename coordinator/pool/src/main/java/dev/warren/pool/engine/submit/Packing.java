package dev.warren.pool.engine.submit;

import dev.warren.json.LineBuffer;
import dev.warren.json.Lines;
import org.jspecify.annotations.Nullable;

/** Collects the calls of a job for one message. Not thread-safe. */
public final class Packing {
  private static final int MAX_BYTES = 256 * 1024;

  private final ChunkPlan plan;
  private Lines.Builder lines = new Lines.Builder(256, 16);
  private long first;

  /**
   * Creates an empty message.
   *
   * @param plan is told how many calls each message took
   */
  Packing(ChunkPlan plan) {
    this.plan = plan;
  }

  /** Number of calls collected. */
  public int count() {
    return lines.count();
  }

  /** Whether the message has room for this line. */
  public boolean fits(LineBuffer line) {
    return lines.count() == 0 || lines.size() + line.size() <= MAX_BYTES;
  }

  /** Adds the call with this index, which follows the previous one. */
  public void add(long index, LineBuffer line) {
    if (lines.count() == 0) {
      first = index;
    }
    lines.line().write(line.array(), 0, (int) line.size());
    lines.endLine();
  }

  /** Removes and returns the collected calls; null if there are none. */
  public @Nullable Packed take() {
    if (lines.count() == 0) {
      return null;
    }
    Packed taken = new Packed(first, lines.build());
    lines = new Lines.Builder(Math.min(MAX_BYTES, lines.size() + 64), lines.count());
    plan.sent(taken.count());
    return taken;
  }

  /**
   * The calls of one message.
   *
   * @param first index of the first call in the job
   * @param lines arguments, one line per call
   */
  public record Packed(long first, Lines lines) {
    public int count() {
      return lines.count();
    }
  }
}
