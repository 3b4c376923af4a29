package dev.warren.service.board;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A number of a child, by whose steps calls are counted. Immutable. */
final class ChildNumber {
  static final ChildNumber AGE =
      new ChildNumber(
          step -> "in children older than " + time(step) + ", which ran",
          step -> "in children younger than " + time(step) + ", which ran",
          "of the calls");
  static final ChildNumber CALLS =
      new ChildNumber(
          step -> "after at least " + calls(step) + " of their child, where",
          step -> "in the first " + (step == 1 ? "call" : calls(step)) + " of their child, where",
          "of the calls ran");
  static final ChildNumber MEMORY =
      new ChildNumber(
          step -> "with at least " + step + " MiB resident in their child, where",
          step -> "with less than " + step + " MiB resident in their child, where",
          "of the calls ran");

  private static final long MINUTE = 60;
  private static final long HOUR = 3_600;
  private static final long DAY = 86_400;

  private final LongFunction<String> from;
  private final LongFunction<String> below;
  private final String tail;

  private ChildNumber(LongFunction<String> from, LongFunction<String> below, String tail) {
    this.from = from;
    this.below = below;
    this.tail = tail;
  }

  /**
   * The part of the steps, from one on or below one, that tells the failures of a cause from the
   * other calls best; null if none is remarkable.
   *
   * @param failures failures by step
   * @param allFailures with those of which the number is unknown
   * @param calls calls by step
   * @param allCalls with those of which the number is unknown
   */
  @Nullable Share best(
      Map<Long, Long> failures, long allFailures, Map<Long, Long> calls, long allCalls) {
    long knownFailures = sum(failures);
    long knownCalls = sum(calls);
    Share.Whole whole =
        new Share.Whole(
            Math.max(allFailures, knownFailures),
            Math.max(0, allFailures - knownFailures),
            Math.max(allCalls, knownCalls),
            Math.max(0, allCalls - knownCalls));
    TreeSet<Long> steps = new TreeSet<>(calls.keySet());
    steps.addAll(failures.keySet());
    List<Share> shares = new ArrayList<>();
    long failuresBelow = 0;
    long callsBelow = 0;
    for (long step : steps) {
      if (callsBelow + failuresBelow > 0) {
        long others = knownCalls - callsBelow;
        shares.add(new Share(from.apply(step), tail, knownFailures - failuresBelow, others, whole));
        shares.add(new Share(below.apply(step), tail, failuresBelow, callsBelow, whole));
      }
      failuresBelow += failures.getOrDefault(step, 0L);
      callsBelow += calls.getOrDefault(step, 0L);
    }
    return shares.stream()
        .filter(share -> share.isRemarkable(shares.size()))
        .max(Comparator.comparingDouble(Share::weight))
        .orElse(null);
  }

  private static long sum(Map<Long, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String calls(long number) {
    return number == 1 ? "1 call" : number + " calls";
  }

  private static String time(long seconds) {
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    if (seconds < HOUR) {
      return seconds / MINUTE + " min";
    }
    return seconds < DAY ? seconds / HOUR + " h" : seconds / DAY + " d";
  }
}
