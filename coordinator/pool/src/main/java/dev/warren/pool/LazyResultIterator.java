package dev.warren.pool;

import dev.warren.pool.engine.LazyJob;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Results of an {@code imap}, decoded on the thread that consumes them. */
final class LazyResultIterator<R extends @Nullable Object> implements ResultIterator<R> {
  // keeps the pool reachable while its results are consumed
  private final PoolCore pool;
  private final LazyJob<?> run;
  private final ResultReader<R> reader;
  private final Cleaner.Cleanable cleanable;

  LazyResultIterator(PoolCore pool, LazyJob<?> run, ResultReader<R> reader) {
    this.pool = pool;
    this.run = run;
    this.reader = reader;
    this.cleanable = PoolCore.CLEANER.register(this, run::close);
  }

  @Override
  public boolean hasNext() {
    LazyJob.Taken head = peek(Long.MAX_VALUE);
    return head == null || !head.isEnd();
  }

  @Override
  public R next() {
    return taken(peek(Long.MAX_VALUE));
  }

  @Override
  public R next(Duration timeout) throws TimeoutException {
    LazyJob.Taken head = peek(Durations.nanos(timeout));
    if (head == null) {
      throw new TimeoutException("no result of pool " + pool.name() + " within " + timeout);
    }
    return taken(head);
  }

  private LazyJob.@Nullable Taken peek(long nanos) {
    try {
      return run.peek(nanos);
    } catch (InterruptedException e) {
      throw Durations.interrupted("waiting for the next result", e);
    }
  }

  private R taken(LazyJob.@Nullable Taken head) {
    if (head == null || head.isEnd()) {
      throw new NoSuchElementException("all results have been consumed");
    }
    run.take();
    Throwable inputFailure = head.inputFailure();
    DecodedOutcome<R> ended =
        inputFailure == null
            ? reader.read(head.line(), head.index())
            : DecodedOutcome.failed(inputFailure);
    Throwable failure = ended.failure();
    if (failure != null && inputFailure == null) {
      CallerFrames.put(failure, new Throwable());
    }
    return ended.valueOrThrow();
  }

  @Override
  public void close() {
    cleanable.clean();
  }
}
