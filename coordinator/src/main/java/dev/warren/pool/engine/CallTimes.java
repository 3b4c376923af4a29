package dev.warren.pool.engine;

import dev.warren.wire.FunctionRef;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long calls of each function take, from what workers report. Thread-safe. */
final class CallTimes {
  private static final int MOST_FUNCTIONS = 10_000;

  private final Map<FunctionRef, Measured> functions = new ConcurrentHashMap<>();

  /** The times of one function; the same object as long as the function is in use. */
  Measured of(FunctionRef function) {
    if (functions.size() > MOST_FUNCTIONS) {
      functions.clear();
    }
    return functions.computeIfAbsent(function, f -> new Measured());
  }

  /** A moving average over recent calls of one function. Thread-safe. */
  static final class Measured {
    // written by the results thread of the broker alone; 0 while nothing was measured
    private volatile double micros;

    /** That many calls took that long, all together. */
    void add(long calls, double totalMicros) {
      double sample = Math.max(totalMicros / calls, 0.1);
      double before = micros;
      double weight = Math.min(0.5, 0.05 + calls / 200.0);
      micros = before == 0 ? sample : before + (sample - before) * weight;
    }

    boolean known() {
      return micros > 0;
    }

    /** How many calls end within that time, 0 to {@code most}; 0 where nothing is known. */
    int callsWithin(double givenMicros, int most) {
      double average = micros;
      return average == 0 ? 0 : (int) Math.min(most, givenMicros / average);
    }

    /** How many calls make up that much time, 1 to {@code most}; 1 where nothing is known. */
    int callsIn(double wantedMicros, int most) {
      double average = micros;
      return average == 0 ? 1 : (int) Math.max(1, Math.min(most, wantedMicros / average));
    }
  }
}
