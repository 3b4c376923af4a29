package dev.warren.worker.supervise;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.PoolSettings;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the initialisation of children for each pool's settings. After a failure the next attempt
 * is delayed by an exponential back-off; after {@value #TRIES} failures in a row, waiting and new
 * calls fail with the cause for {@link #REFUSE_FOR}. Confined to the loop.
 */
final class InitializerHealth {
  static final int TRIES = 4;

  /**
   * Limit for starts in a row that were killed from outside: that is hardly the initializer's
   * fault, but must not repeat forever.
   */
  static final int KILLS = 20;

  static final Duration REFUSE_FOR = Duration.ofSeconds(30);

  private static final IntervalFunction WAIT =
      IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(100), 2, 0.2);

  /**
   * Maximum size of the remembered settings. Beyond it the least recently used are forgotten, and
   * learned again with their next calls.
   */
  static final long BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);

  private static final int BINDING_BYTES = 1000;

  private final BoundedMap<String, Binding> initializers =
      BoundedMap.byUse(
          BYTES, (key, binding) -> BINDING_BYTES + 2L * binding.settings.initArgs().length());

  /** Remembers the settings of a key. */
  void know(String key, PoolSettings settings) {
    initializers.computeIfAbsent(key, k -> new Binding(settings));
  }

  @Nullable PoolSettings settings(String key) {
    Binding binding = initializers.get(key);
    return binding == null ? null : binding.settings;
  }

  void succeeded(String key) {
    Binding binding = initializers.get(key);
    if (binding != null) {
      binding.failures = 0;
      binding.kills = 0;
      binding.cause = null;
    }
  }

  /** Records a failed initialisation. Returns true if calls with these settings now fail. */
  boolean failed(String key, RemoteFailure cause, long now) {
    Binding binding = initializers.get(key);
    if (binding == null) {
      return false;
    }
    binding.failures++;
    binding.cause = cause;
    long wait = binding.hopeless() ? REFUSE_FOR.toMillis() : WAIT.apply(binding.failures);
    binding.notBefore = now + wait * 1_000_000;
    return binding.hopeless();
  }

  /**
   * Records that a child was killed before it was ready. Returns true if calls with these settings
   * now fail.
   */
  boolean killed(String key, RemoteFailure cause, long now) {
    Binding binding = initializers.get(key);
    if (binding == null) {
      return false;
    }
    binding.kills++;
    if (binding.hopeless()) {
      binding.cause = cause;
      binding.notBefore = now + REFUSE_FOR.toNanos();
    }
    return binding.hopeless();
  }

  /** Milliseconds until the next attempt with these settings; 0 or less for none. */
  long waitMillis(String key, long now) {
    Binding binding = initializers.get(key);
    return binding == null || binding.cause == null ? 0 : (binding.notBefore - now) / 1_000_000;
  }

  /** Whether a child may be initialised with these settings now. */
  boolean mayTry(String key, long now) {
    Binding binding = initializers.get(key);
    return binding == null || binding.cause == null || now - binding.notBefore >= 0;
  }

  /**
   * Returns the failure with which calls with these settings end now; empty if they may still run.
   */
  Optional<RemoteFailure> refusal(String key, long now) {
    Binding binding = initializers.get(key);
    if (binding == null || !binding.hopeless() || now - binding.notBefore >= 0) {
      return Optional.empty();
    }
    RemoteFailure cause = binding.cause;
    if (cause == null) {
      return Optional.empty();
    }
    return Optional.of(
        new RemoteFailure(
            FailureKind.INITIALIZER_FAILED,
            cause.type(),
            "no child could be initialised: " + cause.message(),
            cause.stack(),
            cause.types(),
            false,
            cause.where(),
            1,
            cause.details()));
  }

  private static final class Binding {
    private final PoolSettings settings;
    private int failures;
    private int kills;
    private long notBefore;
    private @Nullable RemoteFailure cause;

    private Binding(PoolSettings settings) {
      this.settings = settings;
    }

    boolean hopeless() {
      return failures >= TRIES || kills >= KILLS;
    }
  }
}
