package dev.warren.task;

import org.jspecify.annotations.Nullable;

/**
 * A function of four arguments that can be called in another process. See {@link Fn1} for how
 * functions travel.
 */
@FunctionalInterface
public interface Fn4<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        D extends @Nullable Object,
        R extends @Nullable Object>
    extends Action4<A, B, C, D> {

  /** Runs the function; any exception becomes the call's failure. */
  R apply(A a, B b, C c, D d) throws Exception;

  /** Runs the function and discards its result. */
  @Override
  default void run(A a, B b, C c, D d) throws Exception {
    apply(a, b, c, d);
  }
}
