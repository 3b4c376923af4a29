package dev.warren.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import org.jspecify.annotations.Nullable;

/**
 * The result of one call, and the receiver of its outcome. Thread-safe.
 *
 * <p>For maintainers: there is one instance per pending call; keep it small.
 */
final class CallResult<R extends @Nullable Object> extends ResultFuture<R>
    implements SingleReceiver {
  private final ResultReader<R> reader;

  // where the call is, once it is about to be sent
  @GuardedBy("this")
  private @Nullable PendingTask task;

  @GuardedBy("this")
  private int index;

  CallResult(PoolCore pool, ResultReader<R> reader, @Nullable CallerCallbacks<R> callbacks) {
    super(pool, callbacks);
    this.reader = reader;
  }

  @Override
  public synchronized boolean placed(PendingTask where, int position) {
    if (hasEnded()) {
      return false;
    }
    task = where;
    index = position;
    return true;
  }

  @Override
  public void outcome(long alwaysZero, Payload line) {
    // a copy, so that one result does not retain the whole message it arrived in
    if (trySettle(new ResultState.Undecoded<>(LocalOutcome.ownBytes(line)))) {
      pool().engine().singleEnded();
    } else {
      reportCancel(CancelEffects.of(line));
    }
  }

  @Override
  DecodedOutcome<R> decode(Payload line) {
    DecodedOutcome<R> outcome = reader.read(line, Failures.NO_INDEX);
    Throwable failure = outcome.failure();
    if (failure != null) {
      CallerFrames.put(failure, failure);
    }
    return outcome;
  }

  @Override
  boolean isDecodedWithoutUserCode(Payload line) {
    return reader.isScalar() && OutcomeLine.isValue(line);
  }

  @Override
  boolean mayEndSoon() {
    return pool().engine().openJobs() == 1;
  }

  /** A kept result must not retain its task, and with it the results that shared a message. */
  @Override
  @GuardedBy("this")
  void forgetCalls() {
    task = null;
  }

  @Override
  void dropCalls(boolean interrupt) {
    PendingTask where;
    int position;
    synchronized (this) {
      where = task;
      position = index;
      task = null;
    }
    if (where == null || !pool().engine().canceller().cancelled(where, position, interrupt)) {
      reportCancel(CancelEffect.NEVER_STARTED);
    }
    pool().engine().singleEnded();
  }
}
