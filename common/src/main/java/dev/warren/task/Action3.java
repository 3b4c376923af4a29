package dev.warren.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code with three arguments and without a result that can be run in another process; see {@link
 * Action0}.
 */
@FunctionalInterface
public interface Action3<
        A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
    extends Serializable {

  /** Runs the code; any exception becomes the call's failure. */
  void run(A a, B b, C c) throws Exception;
}
