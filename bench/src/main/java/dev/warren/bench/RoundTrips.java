package dev.warren.bench;

import java.util.Arrays;

/** One thing after another, each waited for. */
final class RoundTrips {
  private RoundTrips() {}

  /** Median microseconds of so many. */
  static <E extends Exception> double median(int trips, Trip<E> trip) throws E {
    double[] micros = new double[trips];
    for (int i = 0; i < trips; i++) {
      long start = System.nanoTime();
      trip.go(i);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    Arrays.sort(micros);
    return micros[trips / 2];
  }

  /** There and back. */
  @FunctionalInterface
  interface Trip<E extends Exception> {
    void go(int number) throws E;
  }
}
