package dev.warren.task;

import org.jspecify.annotations.Nullable;

/**
 * A function of one argument that can be called in another process.
 *
 * <p>It is written as a method reference or a lambda and travels <em>by name</em>: class, method
 * and signature, never as serialized Java. It is serializable only so that the compiler records
 * that name. Captured variables travel as JSON arguments in front of the call's own, so a lambda
 * may capture values that Jackson can write, and must not capture {@code this}.
 *
 * <p>Arguments are converted to the method's generic parameter types. A lambda's types are erased:
 * use a method reference if a parameter or the result is generic.
 */
@FunctionalInterface
public interface Fn1<A extends @Nullable Object, R extends @Nullable Object> extends Action1<A> {

  /** Runs the function; any exception becomes the call's failure. */
  R apply(A a) throws Exception;

  /** Runs the function and discards its result. */
  @Override
  default void run(A a) throws Exception {
    apply(a);
  }
}
