package dev.warren.cli.watch;

import dev.warren.jobs.progress.Estimate;
import dev.warren.service.board.WorkerCells;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment. Immutable.
 *
 * @param sentence the pool in one sentence
 * @param level ok, warn or bad
 * @param workers by host
 * @param jobs active ones first; empty without a coordinator
 */
record Snapshot(String sentence, String level, List<WorkerCells> workers, List<Job> jobs) {

  /** A durable job. */
  record Job(
      String name,
      String state,
      long calls,
      long succeeded,
      long failed,
      long cancelled,
      double perSecond,
      @Nullable Estimate estimate) {
    long done() {
      return succeeded + failed + cancelled;
    }
  }
}
