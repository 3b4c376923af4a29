package dev.warren.worker.meter;

import dev.warren.meter.Histogram;
import dev.warren.meter.Meters;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of run times per function. The first functions have their own, all further ones share
 * one, because every producer of messages chooses names. Confined to the loop.
 */
final class FunctionTimes {
  /** Number of functions with a histogram of their own: a worker has at most 250 series. */
  static final int MAX = 14;

  /** Label of the other functions. */
  static final String OTHER = "other";

  private static final int LONGEST_NAME = 200;

  private final Meters meters;
  private final Map<String, Histogram> functions = new HashMap<>();
  // null until it is needed
  private @Nullable Histogram others;

  FunctionTimes(Meters meters) {
    this.meters = meters;
  }

  /** Returns the histogram of a function, given with or without its signature. */
  Histogram of(String function) {
    Histogram known = functions.get(function);
    if (known != null) {
      return known;
    }
    if (functions.size() >= MAX) {
      return others();
    }
    Histogram made = meters.histogram(Definitions.RUN, name(function));
    functions.put(function, made);
    return made;
  }

  private Histogram others() {
    Histogram made = others == null ? meters.histogram(Definitions.RUN, OTHER) : others;
    others = made;
    return made;
  }

  /** Class and method. */
  private static String name(String function) {
    int signature = function.indexOf('(');
    String name = signature < 0 ? function : function.substring(0, signature);
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }
}
