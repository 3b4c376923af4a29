package dev.warren.bench.harness;

import java.util.Arrays;

/** Measures sequential operations. */
public final class RoundTrips {
  private RoundTrips() {}

  /** Median in microseconds of {@code trips} operations. */
  public static <E extends Exception> double median(int trips, Trip<E> trip) throws E {
    double[] micros = new double[trips];
    for (int i = 0; i < trips; i++) {
      long start = System.nanoTime();
      trip.go(i);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    Arrays.sort(micros);
    return micros[trips / 2];
  }

  /** One operation. */
  @FunctionalInterface
  public interface Trip<E extends Exception> {
    void go(int number) throws E;
  }
}
