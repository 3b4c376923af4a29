package dev.warren.pool.engine.pending;

import dev.warren.wire.FunctionRef;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures how long the calls of each function take, from the times that workers report.
 * Thread-safe.
 */
public final class CallTimes {
  private static final int MAX_FUNCTIONS = 10_000;

  private final Map<FunctionRef, Measured> functions = new ConcurrentHashMap<>();

  /** The measurements of one function; the same object while the function is in use. */
  public Measured of(FunctionRef function) {
    if (functions.size() > MAX_FUNCTIONS) {
      functions.clear();
    }
    return functions.computeIfAbsent(function, f -> new Measured());
  }

  /** A moving average over recent calls of one function. Thread-safe. */
  public static final class Measured {
    // volatile: written only by the broker's results thread; 0 before the first measurement
    private volatile double micros;

    /** Adds {@code calls} calls that took {@code totalMicros} in total. */
    public void add(long calls, double totalMicros) {
      double sample = Math.max(totalMicros / calls, 0.1);
      double before = micros;
      double weight = Math.min(0.5, 0.05 + calls / 200.0);
      micros = before == 0 ? sample : before + (sample - before) * weight;
    }

    public boolean known() {
      return micros > 0;
    }

    /**
     * Number of calls that end within {@code givenMicros}, 0 to {@code max}; 0 if nothing is known.
     */
    public int callsWithin(double givenMicros, int max) {
      double average = micros;
      return average == 0 ? 0 : (int) Math.min(max, givenMicros / average);
    }

    /** Number of calls that take {@code wantedMicros}, 1 to {@code max}; 1 if nothing is known. */
    public int callsIn(double wantedMicros, int max) {
      double average = micros;
      return average == 0 ? 1 : (int) Math.max(1, Math.min(max, wantedMicros / average));
    }
  }
}
