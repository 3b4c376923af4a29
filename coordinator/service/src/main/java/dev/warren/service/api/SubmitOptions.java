package dev.warren.service.api;

import dev.warren.jobs.JobSpec;
import dev.warren.jobs.spec.LineMode;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.task.Backoff;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Reads the description of a job from the parameters of its submission, which are named as in
 * {@link JobSpec} and {@link TaskOptions}. Stateless.
 */
final class SubmitOptions {
  static final Set<String> NAMES =
      Set.of(
          "name",
          "function",
          "lines",
          "arity",
          "chunk",
          "keep",
          "append",
          "restart",
          "timeLimit",
          "softTimeLimit",
          "delay",
          "notBefore",
          "expires",
          "maxAttempts",
          "backoff",
          "retryOn",
          "childLost",
          "hostLost",
          "atMostOnce",
          "priority",
          "window",
          "failFast",
          "strictJson");

  private static final Pattern CLASS = Pattern.compile("[\\p{javaJavaIdentifierPart}.]{1,500}");
  private static final int MAX_FUNCTION = 2000;
  private static final int MAX_CLASSES = 100;

  private SubmitOptions() {}

  /**
   * The description, still without its input.
   *
   * @throws Problem naming the first parameter that is unknown or wrong
   * @throws IllegalArgumentException naming the setting that is out of bounds
   */
  static JobSpec.Builder read(Map<String, List<String>> given) {
    Parameters parameters = Parameters.of(given, NAMES);
    JobSpec.Builder spec =
        JobSpec.named(required(parameters, "name"))
            .function(function(parameters))
            .lines(lines(parameters))
            .arity((int) parameters.number("arity", 1, 1, 4))
            .chunkSize((int) parameters.number("chunk", 0, 0, Integer.MAX_VALUE))
            .append(parameters.flag("append", false))
            .restart(parameters.flag("restart", false))
            .options(options(parameters));
    Duration keep = parameters.duration("keep");
    return keep == null ? spec : spec.keep(keep);
  }

  private static String required(Parameters parameters, String name) {
    String text = parameters.text(name);
    if (text == null || text.isBlank()) {
      throw Problem.badRequest(
          "parameter "
              + name
              + " is missing; write POST …/jobs?name=nightly&function=com.acme.Stats::score");
    }
    return text;
  }

  private static String function(Parameters parameters) {
    String function = required(parameters, "function");
    if (function.length() > MAX_FUNCTION) {
      throw Problem.badRequest(
          "function has " + function.length() + " characters; must be at most " + MAX_FUNCTION);
    }
    return function;
  }

  private static LineMode lines(Parameters parameters) {
    String text = parameters.text("lines");
    return switch (text == null ? "json" : text) {
      case "json" -> LineMode.JSON;
      case "text" -> LineMode.TEXT;
      default -> throw Problem.badRequest("lines is '" + text + "'; must be json or text");
    };
  }

  private static TaskOptions options(Parameters parameters) {
    TaskOptions defaults = TaskOptions.DEFAULTS;
    TaskOptions.Builder options =
        TaskOptions.builder()
            .timeLimit(parameters.duration("timeLimit"))
            .softTimeLimit(parameters.duration("softTimeLimit"))
            .delay(parameters.duration("delay"))
            .notBefore(instant(parameters))
            .expires(parameters.duration("expires"))
            .maxAttempts(number(parameters, "maxAttempts", defaults.maxAttempts()))
            .backoff(backoff(parameters))
            .childLost(number(parameters, "childLost", defaults.childLost()))
            .hostLost(number(parameters, "hostLost", defaults.hostLost()))
            .priority(number(parameters, "priority", defaults.priority()))
            .window(number(parameters, "window", defaults.window()))
            .atMostOnce(parameters.flag("atMostOnce", defaults.atMostOnce()))
            .failFast(parameters.flag("failFast", defaults.failFast()));
    retryOn(parameters).forEach(options::retryOn);
    Boolean strict = parameters.flag("strictJson");
    return strict == null ? options.build() : options.strictJson(strict).build();
  }

  /** A number whose bounds {@link TaskOptions} checks. */
  private static int number(Parameters parameters, String name, int otherwise) {
    return (int) parameters.number(name, otherwise, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static @Nullable Instant instant(Parameters parameters) {
    String text = parameters.text("notBefore");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Problem(
          HttpStatus.BAD_REQUEST_400,
          "notBefore is '" + text + "'; must be a time such as 2030-01-31T08:00:00Z",
          e);
    }
  }

  private static Backoff backoff(Parameters parameters) {
    String text = parameters.text("backoff");
    if (text == null) {
      return Backoff.NONE;
    }
    String[] parts = text.split(",", -1);
    if (parts.length > 2) {
      throw Problem.badRequest("backoff is '" + text + "'; must be TIME or TIME,MAX: 5s or 1s,1m");
    }
    Duration initial = Parameters.duration("backoff", parts[0]);
    return parts.length == 1
        ? Backoff.fixed(initial)
        : Backoff.exponential(initial, Parameters.duration("backoff", parts[1]));
  }

  private static List<String> retryOn(Parameters parameters) {
    List<String> classes = parameters.list("retryOn");
    if (classes.size() > MAX_CLASSES) {
      throw Problem.badRequest(
          "retryOn has " + classes.size() + " classes; must be at most " + MAX_CLASSES);
    }
    for (String name : classes) {
      if (!CLASS.matcher(name).matches()) {
        throw Problem.badRequest(
            "retryOn has '" + name + "'; must be a class name such as java.io.IOException");
      }
    }
    return classes;
  }
}
