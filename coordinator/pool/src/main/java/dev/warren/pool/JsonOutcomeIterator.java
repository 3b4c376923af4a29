package dev.warren.pool;

import dev.warren.pool.engine.LazyJob;
import dev.warren.wire.OutcomeLine;
import java.lang.ref.Cleaner;
import java.util.NoSuchElementException;

/**
 * Outcomes of calls by name, in the form they have on the wire. Confined to one thread at a time,
 * except for {@link #close()} and the counts.
 */
final class JsonOutcomeIterator implements JsonOutcomes {
  private final LazyJob<?> run;
  private final Cleaner.Cleanable cleanable;

  // keeps the pool reachable while its results are consumed
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final PoolCore pool;

  JsonOutcomeIterator(PoolCore pool, LazyJob<?> run) {
    this.pool = pool;
    this.run = run;
    this.cleanable = PoolCore.CLEANER.register(this, run::close);
  }

  @Override
  public boolean hasNext() {
    return !peek().isEnd();
  }

  @Override
  public Item next() {
    LazyJob.Taken head = peek();
    if (head.isEnd()) {
      throw new NoSuchElementException("all outcomes have been consumed");
    }
    run.take();
    DecodedOutcome.throwIfPresent(head.inputFailure());
    long micros = head.ran().micros();
    String worker = head.ran().worker();
    return OutcomeLine.readChecked(head.line())
        .fold(
            value -> new Item(head.index(), value, null, micros, worker),
            failure -> new Item(head.index(), null, failure, micros, worker));
  }

  private LazyJob.Taken peek() {
    try {
      LazyJob.Taken head = run.peek(Long.MAX_VALUE);
      if (head == null) {
        throw new IllegalStateException("an unlimited wait ended without an outcome");
      }
      return head;
    } catch (InterruptedException e) {
      throw Durations.interrupted("waiting for the next outcome", e);
    }
  }

  @Override
  public long read() {
    return run.read();
  }

  @Override
  public long ended() {
    return run.ended();
  }

  @Override
  public boolean inputEnded() {
    return run.inputEnded();
  }

  @Override
  public void close() {
    cleanable.clean();
  }
}
