package dev.warren.pool;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The failures of a job with the lowest indexes. Confined to one thread at a time. */
final class FirstFailures {
  /** Maximum number of failures reported, including the one thrown. */
  private static final int MAX_FAILURES = 11;

  private final TreeMap<Integer, Supplier<Throwable>> failures = new TreeMap<>();

  void add(int index, Supplier<Throwable> failure) {
    failures.put(index, failure);
    if (failures.size() > MAX_FAILURES) {
      failures.pollLastEntry();
    }
  }

  boolean isEmpty() {
    return failures.isEmpty();
  }

  /** The failures, lowest index first. */
  List<Supplier<Throwable>> all() {
    return List.copyOf(failures.values());
  }
}
