package dev.warren.cli.dead;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.dead.DeadLetter;
import dev.warren.task.Bounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select dead letters; all must match, and without options all messages match. */
final class DeadFilter {
  @Option(
      names = "--fn",
      paramLabel = "PATTERN",
      description = "only calls of this function: com.acme.Stats::score, or with *: com.acme.*")
  private @Nullable String fn;

  @Option(
      names = "--cause",
      paramLabel = "CAUSE",
      split = ",",
      description =
          "only messages with this cause: failed, rejected, child_lost, host_lost, time_limit,"
              + " delivery_limit …, or the exception's class or superclass; repeatable")
  private List<String> causes = new ArrayList<>();

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      description = "only messages older than this, for example 30m or 7d")
  private @Nullable Duration olderThan;

  @Option(
      names = "--newer-than",
      paramLabel = "TIME",
      description = "only messages at most this old")
  private @Nullable Duration newerThan;

  @Option(
      names = "--id",
      paramLabel = "ID",
      split = ",",
      description = "only messages whose id begins with this; repeatable")
  private List<String> ids = new ArrayList<>();

  private @Nullable Pattern function;

  /** Rejects options that cannot match anything. */
  void check() {
    if (olderThan != null && newerThan != null && olderThan.compareTo(newerThan) >= 0) {
      throw CommandFailure.usage(
          "--older-than must be less than --newer-than, otherwise no message matches");
    }
  }

  /** Whether a message matches; a message of unknown age matches no age option. */
  boolean matches(DeadLetter letter, long nowMillis) {
    return matchesId(letter)
        && matchesFunction(letter)
        && (causes.isEmpty() || causes.stream().anyMatch(letter::endedBy))
        && matchesAge(letter, nowMillis);
  }

  private boolean matchesId(DeadLetter letter) {
    return ids.isEmpty() || ids.stream().anyMatch(letter.id()::startsWith);
  }

  private boolean matchesFunction(DeadLetter letter) {
    if (fn == null) {
      return true;
    }
    if (function == null) {
      String regex =
          Pattern.compile("\\*")
              .splitAsStream(fn + " ")
              .map(part -> Pattern.quote(part.strip()))
              .collect(Collectors.joining(".*"));
      function = Pattern.compile(regex);
    }
    return letter.function() != null
        && (function.matcher(letter.function()).matches()
            || function.matcher(letter.shortFunction()).matches());
  }

  private boolean matchesAge(DeadLetter letter, long nowMillis) {
    if (olderThan == null && newerThan == null) {
      return true;
    }
    if (letter.diedAtMillis() == 0) {
      return false;
    }
    long age = nowMillis - letter.diedAtMillis();
    return (olderThan == null || age > olderThan.toMillis())
        && (newerThan == null || age <= newerThan.toMillis());
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, "--fn", fn);
    causes.forEach(cause -> add(parts, "--cause", cause));
    add(parts, "--older-than", olderThan == null ? null : Bounds.text(olderThan));
    add(parts, "--newer-than", newerThan == null ? null : Bounds.text(newerThan));
    ids.forEach(id -> add(parts, "--id", id));
    return parts.isEmpty() ? "no filter" : String.join(" ", parts);
  }

  private static void add(List<String> parts, String name, @Nullable Object value) {
    if (value != null) {
      parts.add(name + " " + value);
    }
  }
}
