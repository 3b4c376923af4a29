package dev.warren.task;

import org.jspecify.annotations.Nullable;

/**
 * A function of two arguments that can be called in another process. See {@link Fn1} for how
 * functions travel.
 */
@FunctionalInterface
public interface Fn2<
        A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
    extends Action2<A, B> {

  /** Runs the function; any exception becomes the call's failure. */
  R apply(A a, B b) throws Exception;

  /** Runs the function and discards its result. */
  @Override
  default void run(A a, B b) throws Exception {
    apply(a, b);
  }
}
