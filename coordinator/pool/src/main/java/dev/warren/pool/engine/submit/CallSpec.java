package dev.warren.pool.engine.submit;

import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import org.jspecify.annotations.Nullable;

/**
 * What calls must have in common to travel in one message. Immutable.
 *
 * @param function the function to call
 * @param captured JSON array of captured arguments, in front of each call's own; null for none
 * @param options limits, attempts, budgets
 * @param trace of the job that they belong to; null for none
 */
public record CallSpec(
    FunctionRef function,
    @Nullable Payload captured,
    TaskOptions options,
    @Nullable JobTrace trace) {

  /** What calls have in common that belong to no traced job. */
  public CallSpec(FunctionRef function, @Nullable Payload captured, TaskOptions options) {
    this(function, captured, options, null);
  }

  /** Bytes of the lines in front of the calls. */
  int preamble() {
    return captured == null ? 0 : captured.length() + 1;
  }
}
