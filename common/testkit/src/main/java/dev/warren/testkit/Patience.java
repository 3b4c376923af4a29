package dev.warren.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has every wait for an event that names no limit of its own wait until only a hang can be the
 * reason. Registered for all tests by META-INF/services: what machine they run on, and what runs
 * beside them, must not decide.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration HANG = Duration.ofMinutes(3);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(HANG);
  }
}
