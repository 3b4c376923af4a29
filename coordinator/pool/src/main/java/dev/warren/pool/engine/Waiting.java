package dev.warren.pool.engine;

import dev.warren.pool.engine.collect.Backlog;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a {@link LazyJob} to consume. Confined like its job.
 *
 * @param kept an outcome; null for the entry after the last one
 * @param last null for an outcome
 * @param ran where the call ran, and how long
 */
record Waiting(long index, Backlog.@Nullable Kept kept, LazyJob.@Nullable Taken last, Ran ran) {
  static final Waiting END = new Waiting(-1, null, LazyJob.Taken.END, Ran.NOWHERE);

  LazyJob.Taken shown() {
    if (kept != null) {
      return new LazyJob.Taken(index, kept.line(), null, ran);
    }
    return last == null ? LazyJob.Taken.END : last;
  }

  void drop() {
    if (kept != null) {
      kept.drop();
    }
  }
}
