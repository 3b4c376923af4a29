package dev.warren.task;

import org.jspecify.annotations.Nullable;

/**
 * A function of three arguments that can be called in another process. See {@link Fn1} for how
 * functions travel.
 */
@FunctionalInterface
public interface Fn3<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        R extends @Nullable Object>
    extends Action3<A, B, C> {

  /** Runs the function; any exception becomes the call's failure. */
  R apply(A a, B b, C c) throws Exception;

  /** Runs the function and discards its result. */
  @Override
  default void run(A a, B b, C c) throws Exception {
    apply(a, b, c);
  }
}
