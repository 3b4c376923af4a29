package dev.warren.jobs.spec;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** A line of input is not what the function takes; the message follows the name of the line. */
public final class LineException extends Exception {
  private static final long serialVersionUID = 1;

  LineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether the line is not JSON at all, and so may be meant as a plain string. */
  public boolean mayBeText() {
    return getCause() instanceof JacksonException;
  }
}
