package dev.warren.pool.engine.collect;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the outcomes that arrive at a coordinator go. A message is acknowledged when the stages of
 * all its outcomes have completed: a sink that keeps outcomes for later completes its stage once it
 * has kept them. If a stage fails, the message returns to its queue.
 */
@FunctionalInterface
public interface OutcomeSink {
  /** Completed; what a sink returns that keeps nothing for later. */
  CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  /**
   * Takes outcomes. Called by one thread at a time, in order of arrival; must not block. A second
   * delivery of the same outcomes, or a part of them, must do no harm.
   *
   * @return completes, on any thread, when the outcomes can no longer be lost
   */
  CompletionStage<Void> accept(OutcomeBatch batch);
}
