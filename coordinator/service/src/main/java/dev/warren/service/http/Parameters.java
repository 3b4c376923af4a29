package dev.warren.service.http;

import dev.warren.lifecycle.DurationParser;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a request; each may be given once, except lists. Unknown ones are
 * refused, because a misspelt one would have no effect. Immutable.
 */
public final class Parameters {
  private final Map<String, List<String>> given;

  private Parameters(Map<String, List<String>> given) {
    this.given = given;
  }

  /**
   * The parameters of a request.
   *
   * @param known those that it may have
   * @throws Problem naming the first that is not known
   */
  public static Parameters of(Context request, String... known) {
    return of(request.queryParamMap(), Set.copyOf(Arrays.asList(known)));
  }

  public static Parameters of(Map<String, List<String>> given, Set<String> known) {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw Problem.badRequest("unknown parameter '" + name + "'; " + hint(name, known));
      }
    }
    return new Parameters(given);
  }

  private static String hint(String name, Set<String> known) {
    for (String each : known) {
      if (each.equalsIgnoreCase(name.replaceAll("[-_]", ""))) {
        return "did you mean " + each + "?";
      }
    }
    return known.isEmpty()
        ? "this path takes none"
        : "known: " + String.join(", ", new TreeSet<>(known));
  }

  /** The value of a parameter; null if it is not given. */
  public @Nullable String text(String name) {
    List<String> values = given.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw Problem.badRequest("parameter " + name + " is given " + values.size() + " times");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** All values of a parameter, also those joined by commas. */
  public List<String> list(String name) {
    return given.getOrDefault(name, List.of()).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Whether {@code only=failed} is given, the one selection that there is. */
  public boolean onlyFailed() {
    String only = text("only");
    if (only != null && !only.equals("failed")) {
      throw Problem.badRequest("only is '" + only + "'; must be failed");
    }
    return only != null;
  }

  public long number(String name, long otherwise, long min, long max) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw Problem.badRequest(
        name
            + " is '"
            + text
            + "'; must be "
            + (max == Long.MAX_VALUE
                ? "a whole number from " + min
                : "a whole number, " + min + " to " + max));
  }

  public boolean flag(String name, boolean otherwise) {
    Boolean flag = flag(name);
    return flag == null ? otherwise : flag;
  }

  /** True or false; null if it is not given. A name without a value is true. */
  public @Nullable Boolean flag(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw Problem.badRequest(name + " is '" + text + "'; must be true or false");
    };
  }

  public @Nullable Duration duration(String name) {
    String text = text(name);
    return text == null ? null : duration(name, text);
  }

  public static Duration duration(String name, String text) {
    try {
      return DurationParser.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Problem(HttpStatus.BAD_REQUEST_400, name + " is " + e.getMessage(), e);
    }
  }
}
