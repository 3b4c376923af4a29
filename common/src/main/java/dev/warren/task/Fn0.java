package dev.warren.task;

import org.jspecify.annotations.Nullable;

/**
 * A function without arguments that can be called in another process. See {@link Fn1} for how
 * functions travel.
 */
@FunctionalInterface
public interface Fn0<R extends @Nullable Object> extends Action0 {

  /** Runs the function; any exception becomes the call's failure. */
  R apply() throws Exception;

  /** Runs the function and discards its result. */
  @Override
  default void run() throws Exception {
    apply();
  }
}
