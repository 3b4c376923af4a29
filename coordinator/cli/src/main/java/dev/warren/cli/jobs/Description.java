package dev.warren.cli.jobs;

import dev.warren.task.Backoff;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The description of a job as parameters of the HTTP API; what has its default is left out.
 * Confined to one thread.
 */
final class Description {
  private final Map<String, String> parameters = new TreeMap<>();

  Description(TaskOptions options) {
    TaskOptions defaults = TaskOptions.DEFAULTS;
    put("timeLimit", options.timeLimit());
    put("softTimeLimit", options.softTimeLimit());
    put("delay", options.delay());
    put("expires", options.expires());
    put("strictJson", options.strictJson());
    put("maxAttempts", options.maxAttempts(), defaults.maxAttempts());
    put("childLost", options.childLost(), defaults.childLost());
    put("hostLost", options.hostLost(), defaults.hostLost());
    put("priority", options.priority(), defaults.priority());
    put("window", options.window(), defaults.window());
    put("atMostOnce", options.atMostOnce(), defaults.atMostOnce());
    put("failFast", options.failFast(), defaults.failFast());
    put("retryOn", String.join(",", options.retryOn()), "");
    if (!options.backoff().equals(Backoff.NONE)) {
      put("backoff", text(options.backoff()));
    }
  }

  private static String text(Backoff backoff) {
    String initial = text(backoff.initial());
    return backoff.initial().equals(backoff.max()) ? initial : initial + "," + text(backoff.max());
  }

  private static String text(Duration time) {
    return time.toMillis() + "ms";
  }

  private void put(String name, Object value, Object otherwise) {
    if (!value.equals(otherwise)) {
      put(name, value);
    }
  }

  /** Adds a parameter, unless its value is null. */
  void put(String name, @Nullable Object value) {
    if (value instanceof Duration time) {
      parameters.put(name, text(time));
    } else if (value != null) {
      parameters.put(name, value.toString());
    }
  }

  Map<String, String> parameters() {
    return parameters;
  }
}
