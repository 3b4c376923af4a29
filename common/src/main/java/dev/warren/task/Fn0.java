package dev.warren.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function without arguments that can be called in another process. See {@link Fn1} for how
 * functions travel.
 */
@FunctionalInterface
public interface Fn0<R extends @Nullable Object> extends Serializable {

  /** Runs the function; any exception becomes the call's failure. */
  R apply() throws Exception;
}
