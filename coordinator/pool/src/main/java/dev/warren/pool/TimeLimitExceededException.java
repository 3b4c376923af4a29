package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call exceeded its soft or its hard time limit. {@link #remoteStack()} shows where it was: at
 * the soft limit, where the interrupt hit it; at the hard limit, shortly before it (empty for a
 * child in another language, or a frozen one).
 */
public final class TimeLimitExceededException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  TimeLimitExceededException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }

  /** Whether the hard limit ended it; otherwise it reacted to the interrupt at the soft limit. */
  public boolean hard() {
    return "hard".equals(failure().details().get("limit"));
  }

  /** The exceeded limit. */
  public Optional<Duration> limit() {
    return millis("limitMs");
  }

  /** How long it had been running. */
  public Optional<Duration> ran() {
    return millis("ranMs");
  }

  private Optional<Duration> millis(String name) {
    return failure().details().get(name) instanceof Number millis
        ? Optional.of(Duration.ofMillis(millis.longValue()))
        : Optional.empty();
  }
}
