package dev.warren.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Describes exceptions of Jackson and of users' code in one line. Stateless. */
public final class Reasons {
  private static final int LONGEST = 1000;

  private Reasons() {}

  /**
   * The reason, without Jackson's source location, which refers to a text that the user never sees.
   */
  public static String of(Throwable why) {
    if (why instanceof StackOverflowError) {
      return "it is nested too deeply, or contains itself";
    }
    if (why instanceof JacksonException json) {
      Throwable cause = json.getCause();
      String message = cleaned(json.getOriginalMessage());
      return cause == null || cause instanceof JacksonException
          ? message
          : cause.getClass().getName() + ": " + message;
    }
    return why.getClass().getName() + ": " + cleaned(message(why));
  }

  /**
   * The place inside the value, {@code items[3].count}; empty if unknown, or for the value itself.
   */
  public static String path(JacksonException why) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : why.getPath()) {
      if (step.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      } else if (step.getIndex() >= 0) {
        path.append('[').append(step.getIndex()).append(']');
      }
      if (path.length() > LONGEST) {
        return path.append('…').toString();
      }
    }
    return path.toString();
  }

  private static @Nullable String message(Throwable why) {
    try {
      return why.getMessage();
    } catch (Throwable e) {
      return "(its getMessage threw " + e.getClass().getName() + ")";
    }
  }

  private static String cleaned(@Nullable String message) {
    if (message == null) {
      return "no reason given";
    }
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…";
  }
}
