package dev.warren.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.task.Payload;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A result that ends once: with its calls, by a cancel, or with the pool. Called by user threads
 * and by the threads that deliver, cancel or terminate; thread-safe.
 *
 * <p>For maintainers: the first thread that changes {@code state} from pending decides. Decoding
 * runs user code, so it happens on a thread that asks, or before the callbacks, outside the lock;
 * if two threads decode at once, the first result counts. {@code ready} follows the end at once, or
 * after the callback.
 */
abstract sealed class ResultFuture<R extends @Nullable Object> implements AsyncResult<R>
    permits CallResult, MapResult {
  private static final long FOR_EVER = Long.MAX_VALUE;

  // keeps the pool reachable while its results are awaited
  private final PoolCore pool;

  @GuardedBy("this")
  private @Nullable CallerCallbacks<R> callbacks;

  @GuardedBy("this")
  private ResultState<R> state = ResultState.Pending.state();

  // volatile: written under the lock, read without it
  private volatile boolean ready;

  // created when somebody asks for it, or cancels
  @GuardedBy("this")
  private @Nullable CompletableFuture<CancelEffect> effect;

  ResultFuture(PoolCore pool, @Nullable CallerCallbacks<R> callbacks) {
    this.pool = pool;
    this.callbacks = callbacks;
  }

  /** The pool of the calls. */
  final PoolCore pool() {
    return pool;
  }

  /** Decodes the line with which the result ended; may run user code. */
  abstract DecodedOutcome<R> decode(Payload line);

  /** Whether decoding this line is quick and runs no user code. */
  abstract boolean isDecodedWithoutUserCode(Payload line);

  /** Whether the end may be near enough to spin for it. */
  abstract boolean mayEndSoon();

  /** The result has ended, but not by a cancel: drops what only a cancel needs. Under the lock. */
  abstract void forgetCalls();

  /** The result has been cancelled: drops its calls and reports the effect. */
  abstract void dropCalls(boolean interrupt);

  // ---- its end

  final synchronized boolean hasEnded() {
    return !state.isPending();
  }

  /** Reports the effect of a cancel. */
  final void reportCancel(CancelEffect reported) {
    cancelEffect().complete(reported);
  }

  /** Ends the result; returns false if it had already ended. */
  final boolean trySettle(ResultState<R> how) {
    CallerCallbacks<R> due;
    synchronized (this) {
      if (hasEnded()) {
        return false;
      }
      state = how;
      if (!(how instanceof ResultState.Cancelled)) {
        forgetCalls();
        if (effect != null) {
          effect.complete(CancelEffect.NOT_CANCELLED);
        }
      }
      due = callbacks;
      ready = due == null || !due.hasCallbacks();
      notifyAll();
    }
    if (due != null) {
      try {
        callLater(how, due);
      } catch (RuntimeException | Error e) {
        // no thread available: run here, which delays others, rather than never
        run(due);
      }
    }
    return true;
  }

  /**
   * Decodes and schedules the callbacks. Decoding that may run user code happens first, on another
   * thread, so that blocking code does not delay the callbacks of other calls; all stay in order.
   */
  private void callLater(ResultState<R> how, CallerCallbacks<R> due) {
    boolean quick =
        how instanceof DecodedOutcome
            || (how instanceof ResultState.Undecoded<R> undecoded
                && isDecodedWithoutUserCode(undecoded.line()));
    Engine engine = pool.engine();
    if (quick && engine.decoding().isIdle()) {
      engine.callbacks().execute(() -> run(due));
      return;
    }
    engine
        .decoding()
        .execute(
            () -> {
              var unused = decoded();
              engine.callbacks().execute(() -> run(due));
            });
  }

  private void run(CallerCallbacks<R> due) {
    DecodedOutcome<R> decoded = decoded();
    try {
      due.call(decoded);
    } finally {
      synchronized (this) {
        ready = true;
        callbacks = null;
        notifyAll();
      }
      due.complete(decoded);
    }
  }

  /** Returns how it ended, decoded; any exception of the decoding becomes the failure. */
  private DecodedOutcome<R> decoded() {
    try {
      return decodedOrThrow();
    } catch (Throwable e) {
      DecodedOutcome<R> failed = DecodedOutcome.failed(Failures.unreadable(e));
      synchronized (this) {
        state = failed;
      }
      return failed;
    }
  }

  private DecodedOutcome<R> decodedOrThrow() {
    ResultState<R> raw;
    synchronized (this) {
      raw = state;
    }
    if (raw instanceof DecodedOutcome<R> done) {
      return done;
    }
    DecodedOutcome<R> decoded = decode(raw);
    synchronized (this) {
      if (state instanceof DecodedOutcome<R> done) {
        return done;
      }
      state = decoded;
      return decoded;
    }
  }

  private DecodedOutcome<R> decode(ResultState<R> raw) {
    if (raw instanceof ResultState.Undecoded<R> undecoded) {
      return decode(undecoded.line());
    }
    if (raw instanceof ResultState.Failed<R> failed) {
      return failed.decode();
    }
    if (raw instanceof ResultState.Later<R> later) {
      return later.decode();
    }
    if (raw instanceof ResultState.Cancelled) {
      return DecodedOutcome.failed(Failures.of(LocalOutcome.CANCELLED, null));
    }
    throw new IllegalStateException("not ended: " + raw);
  }

  // ---- as a future

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!trySettle(ResultState.Cancelled.state())) {
      return false;
    }
    dropCalls(mayInterruptIfRunning);
    return true;
  }

  @Override
  public synchronized CompletableFuture<CancelEffect> cancelEffect() {
    if (effect == null) {
      effect = new CompletableFuture<>();
      if (hasEnded() && !endedByCancel()) {
        effect.complete(CancelEffect.NOT_CANCELLED);
      }
    }
    return effect;
  }

  @GuardedBy("this")
  private boolean endedByCancel() {
    return state instanceof ResultState.Cancelled
        || (state instanceof DecodedOutcome<R> done
            && done.failure() instanceof CancellationException);
  }

  @Override
  public boolean isCancelled() {
    return ready() && decoded().failure() instanceof CancellationException;
  }

  @Override
  public boolean ready() {
    boolean inside = pool.engine().callbacks().inside();
    synchronized (this) {
      return inside ? hasEnded() : ready;
    }
  }

  @Override
  public boolean successful() {
    if (!ready()) {
      throw new IllegalStateException("the result is not ready");
    }
    return decoded().failure() == null;
  }

  @Override
  public R get() throws InterruptedException, ExecutionException {
    awaitReady(FOR_EVER);
    return valueOrThrow();
  }

  @Override
  public R get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!awaitReady(unit.toNanos(timeout))) {
      throw new TimeoutException(
          "the result did not arrive within " + Duration.ofNanos(unit.toNanos(timeout)));
    }
    return valueOrThrow();
  }

  @Override
  public boolean await(Duration timeout) {
    try {
      return awaitReady(Durations.nanos(timeout));
    } catch (InterruptedException e) {
      throw Durations.interrupted("waiting for a result", e);
    }
  }

  /**
   * Waits on behalf of a blocking call, which nobody else can cancel; an interrupt cancels it.
   *
   * @throws PoolInterruptedException after such a cancel
   */
  R take() {
    try {
      awaitReady(FOR_EVER);
    } catch (InterruptedException e) {
      cancel(true);
      throw Durations.interrupted("waiting for a result; it has been cancelled", e);
    }
    DecodedOutcome<R> decoded = decoded();
    Throwable failure = decoded.failure();
    if (failure != null) {
      CallerFrames.put(failure, new Throwable());
    }
    return decoded.valueOrThrow();
  }

  private boolean awaitReady(long nanos) throws InterruptedException {
    boolean inside = pool.engine().callbacks().inside();
    if (!inside && (ready || spinForIt(nanos))) {
      return true;
    }
    if (nanos == FOR_EVER && !ready()) {
      pool.engine().waitsForEver();
    }
    synchronized (this) {
      if (nanos == FOR_EVER) {
        while (!(inside ? hasEnded() : ready)) {
          wait();
        }
        return true;
      }
      long start = pool.engine().time().nanos();
      while (!(inside ? hasEnded() : ready)) {
        long left = nanos - (pool.engine().time().nanos() - start);
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      }
      return true;
    }
  }

  /**
   * Spins for the end if this is the pool's only open call; returns true if it has ended. With more
   * calls, the processor is better left to the children.
   */
  private boolean spinForIt(long nanos) {
    return nanos > PoolCore.SPIN.toNanos()
        && !Thread.currentThread().isInterrupted()
        && mayEndSoon()
        && pool.spin().spinUntil(() -> ready);
  }

  private R valueOrThrow() throws ExecutionException {
    DecodedOutcome<R> decoded = decoded();
    Throwable failure = decoded.failure();
    if (failure instanceof CancellationException e) {
      throw e;
    }
    if (failure != null) {
      throw new ExecutionException(failure);
    }
    return decoded.value();
  }

  @Override
  public CompletableFuture<R> toCompletableFuture() {
    View<R> view = new View<>(this);
    synchronized (this) {
      if (!ready) {
        CallerCallbacks<R> all = callbacks == null ? new CallerCallbacks<>(null, null) : callbacks;
        all.add(view);
        callbacks = all;
        return view;
      }
    }
    view.end(decoded());
    return view;
  }

  @Override
  public synchronized String toString() {
    return "AsyncResult[" + (ready ? "ready" : hasEnded() ? "in its callback" : "pending") + "]";
  }

  /** A future that forwards its cancellation. */
  static final class View<R extends @Nullable Object> extends CompletableFuture<R> {
    private final ResultFuture<R> result;

    View(ResultFuture<R> result) {
      this.result = result;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return result.cancel(mayInterruptIfRunning) && super.cancel(mayInterruptIfRunning);
    }

    void end(DecodedOutcome<R> decoded) {
      Throwable failure = decoded.failure();
      if (failure == null) {
        complete(decoded.value());
      } else {
        completeExceptionally(failure);
      }
    }
  }
}
