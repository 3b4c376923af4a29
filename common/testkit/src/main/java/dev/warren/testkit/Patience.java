package dev.warren.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives every Awaitility wait without a limit a default limit so long that only a hang exceeds it,
 * on any machine and under any load. Registered for all tests in META-INF/services.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration HANG = Duration.ofMinutes(3);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(HANG);
  }
}
