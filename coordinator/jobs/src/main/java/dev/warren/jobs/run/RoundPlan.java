package dev.warren.jobs.run;

import dev.warren.jobs.store.CallNumber;
import dev.warren.wire.CallRanges;
import java.util.Arrays;

/**
 * The calls that a round runs, in order: all of the job in round 0, in later rounds those that were
 * reset. Immutable.
 */
final class RoundPlan {
  private final int round;
  // runs of consecutive line indexes, and how many calls are in the runs before each
  private final long[] firsts;
  private final long[] before;

  private RoundPlan(int round, long[] firsts, long[] before) {
    this.round = round;
    this.firsts = firsts;
    this.before = before;
  }

  /** The plan of round 0. */
  static RoundPlan all(long calls) {
    return new RoundPlan(0, new long[] {0}, new long[] {0, calls});
  }

  /**
   * The plan of a retry.
   *
   * @param calls numbers of the calls, with this round
   */
  static RoundPlan of(int round, CallRanges calls) {
    long[] firsts = new long[calls.ranges()];
    long[] before = new long[calls.ranges() + 1];
    int[] i = {0};
    calls.forEachRange(
        (first, last) -> {
          firsts[i[0]] = CallNumber.index(first);
          before[i[0] + 1] = before[i[0]] + last - first + 1;
          i[0]++;
        });
    return new RoundPlan(round, firsts, before);
  }

  /** Number of calls. */
  long size() {
    return before[before.length - 1];
  }

  /**
   * The calls from this position on, as far as their lines follow one another.
   *
   * @param max maximum number of calls, at least 1
   */
  Run at(long position, int max) {
    int found = Arrays.binarySearch(before, position);
    int run = found < 0 ? -found - 2 : found;
    while (before[run + 1] == position) {
      run++; // an empty run
    }
    int count = (int) Math.min(max, before[run + 1] - position);
    return new Run(firsts[run] + position - before[run], count);
  }

  /** The number of the call of this line. */
  long number(long index) {
    return CallNumber.of(round, index);
  }

  /**
   * Calls whose lines follow one another.
   *
   * @param index index of the first line
   */
  record Run(long index, int count) {}
}
