package dev.warren.jobs.journal;

import dev.warren.jobs.cause.Cause;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Placeholder for the group commit. */
public final class Journal implements AutoCloseable {
  private final CompletableFuture<Void> never = new CompletableFuture<>();

  private Journal() {}

  public static Journal start(
      StoredJob job,
      long epoch,
      Function<Payload, Cause> causes,
      Consumer<Throwable> superseded,
      TimeSource time) {
    return new Journal();
  }

  public void outcomes(long firstNumber, Lines lines, int from, int to) {}

  public CompletionStage<Void> published(CallRanges calls, Payload sizes, long cursor) {
    return never;
  }

  public CompletionStage<Void> change(Commit.Change change, JobCounts added) {
    return never;
  }

  public CompletionStage<Void> kept() {
    return never;
  }

  @Override
  public void close() {}
}
