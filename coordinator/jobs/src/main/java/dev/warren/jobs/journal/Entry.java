package dev.warren.jobs.journal;

import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.json.Lines;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.util.concurrent.CompletableFuture;

/** Something that a journal was given and has not written. Immutable, except for its stage. */
sealed interface Entry {
  /** Adds this to the transaction that is being prepared. */
  void addTo(Transaction transaction);

  /** Number of outcomes. */
  default int outcomes() {
    return 0;
  }

  /** Size of the outcomes. */
  default int bytes() {
    return 0;
  }

  /** An entry for whose end somebody waits. */
  sealed interface Awaited extends Entry {
    CompletableFuture<Void> stage();
  }

  /**
   * Outcomes.
   *
   * @param first number of the first line's call
   * @param ran where the calls ran
   */
  record Outcomes(long first, Lines lines, RanBy ran) implements Entry {
    @Override
    public void addTo(Transaction transaction) {
      transaction.add(this);
    }

    @Override
    public int outcomes() {
      return lines.count();
    }

    @Override
    public int bytes() {
      return lines.bytes(0, lines.count());
    }

    /** The first lines. */
    Outcomes head(int count) {
      return new Outcomes(first, lines.slice(0, count), ran.slice(0, count));
    }

    /** The lines after the first ones. */
    Outcomes tail(int count) {
      return new Outcomes(first + count, lines.from(count), ran.slice(count, lines.count()));
    }
  }

  /** Calls that are about to be published. */
  record Published(CallRanges calls, Payload boundaries, long cursor, CompletableFuture<Void> stage)
      implements Awaited {
    @Override
    public void addTo(Transaction transaction) {
      transaction.add(this);
    }
  }

  /** A change of the job's state, the last entry of its transaction. */
  record Changed(Commit.Change change, JobCounts added, CompletableFuture<Void> stage)
      implements Awaited {
    @Override
    public void addTo(Transaction transaction) {
      transaction.change(change, added);
    }
  }

  /** Nothing; its stage ends with everything before it. */
  record Kept(CompletableFuture<Void> stage) implements Awaited {
    @Override
    public void addTo(Transaction transaction) {}
  }
}
