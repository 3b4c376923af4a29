package dev.warren.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code with one argument and without a result that can be run in another process; see {@link
 * Action0}.
 */
@FunctionalInterface
public interface Action1<A extends @Nullable Object> extends Serializable {

  /** Runs the code; any exception becomes the call's failure. */
  void run(A a) throws Exception;
}
