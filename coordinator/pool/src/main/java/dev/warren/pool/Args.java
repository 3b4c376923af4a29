package dev.warren.pool;

import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call, for {@code starmap}: {@code Args.of(a, b)}. Immutable if the arguments
 * are.
 */
public sealed interface Args {

  /** Two arguments. */
  static <A extends @Nullable Object, B extends @Nullable Object> Two<A, B> of(A a, B b) {
    return new Two<>(a, b);
  }

  /** Three arguments. */
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      Three<A, B, C> of(A a, B b, C c) {
    return new Three<>(a, b, c);
  }

  /** Four arguments. */
  static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      Four<A, B, C, D> of(A a, B b, C c, D d) {
    return new Four<>(a, b, c, d);
  }

  /** Arguments of a function of two arguments. */
  record Two<A extends @Nullable Object, B extends @Nullable Object>(A a, B b) implements Args {}

  /** Arguments of a function of three arguments. */
  record Three<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
      A a, B b, C c) implements Args {}

  /** Arguments of a function of four arguments. */
  record Four<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>(
      A a, B b, C c, D d) implements Args {}
}
