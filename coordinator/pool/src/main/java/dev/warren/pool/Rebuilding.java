package dev.warren.pool;

import dev.warren.lifecycle.NamedThreads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the user code that rebuilds an exception, which may never return: on a separate thread, for
 * a limited time. After one timeout, exceptions of that class are no longer rebuilt. Thread-safe.
 */
final class Rebuilding {
  /** Maximum time to rebuild one exception. */
  static final Duration WITHIN = Duration.ofSeconds(5);

  private static final ExecutorService THREADS = NamedThreads.elastic("pool-rebuild");
  private static final Set<Class<?>> STUCK = ConcurrentHashMap.newKeySet();

  private Rebuilding() {}

  /**
   * Returns the result of {@code rebuild} for an exception of this class; null if it throws or does
   * not return.
   */
  static @Nullable Throwable of(Class<?> type, Callable<@Nullable Throwable> rebuild) {
    if (STUCK.contains(type)) {
      return null;
    }
    Future<@Nullable Throwable> result = THREADS.submit(rebuild);
    try {
      return result.get(WITHIN.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return null;
    } catch (TimeoutException e) {
      STUCK.add(type);
      result.cancel(true);
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
