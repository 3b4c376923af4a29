package dev.warren.meter;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The counters of a meter whose only label is an enum. Thread-safe. */
public final class EnumCounters<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  EnumCounters(Meters meters, Meter meter, Class<E> type) {
    counters = new EnumMap<>(type);
    Arrays.stream(type.getEnumConstants())
        .forEach(constant -> counters.put(constant, meters.counter(meter, Label.value(constant))));
  }

  /** The counter of this value. */
  public Counter of(E value) {
    Counter counter = counters.get(value);
    if (counter == null) {
      throw new AssertionError(value);
    }
    return counter;
  }
}
