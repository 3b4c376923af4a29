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
 * How initialising children fares for each pool's settings. After a failure the next try waits,
 * ever longer; after {@value #TRIES} in a row the calls fail with the cause, and for a while so do
 * new ones. Confined to the loop.
 */
final class InitializerHealth {
  static final int TRIES = 4;

  /**
   * Starts in a row that somebody killed from outside: that says little about the initializer, but
   * if it never ends, it must end too.
   */
  static final int KILLS = 20;

  static final Duration REFUSE_FOR = Duration.ofSeconds(30);

  private static final IntervalFunction WAIT =
      IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(100), 2, 0.2);

  /**
   * Settings remembered; the least recently used are forgotten beyond, and learned again with their
   * calls.
   */
  static final long BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);

  private static final int BINDING_BYTES = 1000;

  private final BoundedMap<String, Binding> bindings =
      BoundedMap.byUse(
          BYTES, (key, binding) -> BINDING_BYTES + 2L * binding.settings.initArgs().length());

  /** Remembers the settings behind a key. */
  void know(String key, PoolSettings settings) {
    bindings.computeIfAbsent(key, k -> new Binding(settings));
  }

  @Nullable PoolSettings settings(String key) {
    Binding binding = bindings.get(key);
    return binding == null ? null : binding.settings;
  }

  void succeeded(String key) {
    Binding binding = bindings.get(key);
    if (binding != null) {
      binding.failures = 0;
      binding.kills = 0;
      binding.cause = null;
    }
  }

  /** A child could not be initialised; says whether that was the last try for now. */
  boolean failed(String key, RemoteFailure cause, long now) {
    Binding binding = bindings.get(key);
    if (binding == null) {
      return false;
    }
    binding.failures++;
    binding.cause = cause;
    long wait = binding.hopeless() ? REFUSE_FOR.toMillis() : WAIT.apply(binding.failures);
    binding.notBefore = now + wait * 1_000_000;
    return binding.hopeless();
  }

  /** A child was killed before it was ready; says whether that was the last try for now. */
  boolean killed(String key, RemoteFailure cause, long now) {
    Binding binding = bindings.get(key);
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

  /** How long the next try with these settings waits yet; 0 or less for not at all. */
  long waitMillis(String key, long now) {
    Binding binding = bindings.get(key);
    return binding == null || binding.cause == null ? 0 : (binding.notBefore - now) / 1_000_000;
  }

  /** Whether a child may be initialised with these settings now. */
  boolean mayTry(String key, long now) {
    Binding binding = bindings.get(key);
    return binding == null || binding.cause == null || now - binding.notBefore >= 0;
  }

  /** The failure that calls with these settings end with now; empty while there is hope. */
  Optional<RemoteFailure> refusal(String key, long now) {
    Binding binding = bindings.get(key);
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
