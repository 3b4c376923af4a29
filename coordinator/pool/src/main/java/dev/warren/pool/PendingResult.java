package dev.warren.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.WireFormatException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of one call, or of a map. Called by user threads and by the threads that deliver,
 * cancel or terminate; thread-safe.
 *
 * <p>For maintainers: {@code end} changes from null to something undecoded (an outcome's bytes, or
 * a supplier) and, when somebody asks for it, to {@link DecodedOutcome}; the first thread to set it
 * decides. Decoding runs user code, so it happens on a thread that asks, or on the callback thread,
 * outside the lock; if two threads decode at once, the first result counts. {@code ready} follows
 * {@code end} at once, or after the callback. There is one instance per pending call: keep it
 * small.
 */
final class PendingResult<R extends @Nullable Object> implements AsyncResult<R>, SingleReceiver {
  private static final long FOR_EVER = Long.MAX_VALUE;

  // keeps the pool reachable while its results are awaited
  private final PoolCore pool;
  // for a single call; null for a map
  private final @Nullable ResultReader<R> reader;

  @GuardedBy("this")
  private @Nullable CallerCallbacks<R> handlers;

  @GuardedBy("this")
  private @Nullable Object end;

  // volatile: written under the lock, read without it
  private volatile boolean ready;

  // for a single call, once it is about to be sent
  @GuardedBy("this")
  private @Nullable PendingTask task;

  @GuardedBy("this")
  private int index;

  // for a map
  @GuardedBy("this")
  private @Nullable MapJob<?> job;

  // created when somebody asks for it, or cancels
  @GuardedBy("this")
  private @Nullable CompletableFuture<CancelEffect> effect;

  PendingResult(
      PoolCore pool, @Nullable ResultReader<R> reader, @Nullable CallerCallbacks<R> handlers) {
    this.pool = pool;
    this.reader = reader;
    this.handlers = handlers;
  }

  synchronized void belongsTo(MapJob<?> map) {
    job = map;
  }

  // ---- as the receiver of a single call

  @Override
  public synchronized boolean placed(PendingTask where, int position) {
    if (end != null) {
      return false;
    }
    task = where;
    index = position;
    return true;
  }

  @Override
  public void outcome(long alwaysZero, Payload line) {
    // a copy, so that one result does not retain the whole message it arrived in
    if (trySettle(LocalOutcome.ownBytes(line))) {
      pool.engine().singleEnded();
    } else {
      cancelled(effect(line));
    }
  }

  /** Reports the effect of a cancel. */
  void cancelled(CancelEffect effect) {
    cancelEffect().complete(effect);
  }

  /**
   * Ends the result with something undecoded, or with an {@link DecodedOutcome}; returns false if
   * it had already ended.
   */
  boolean trySettle(Object how) {
    CallerCallbacks<R> due;
    synchronized (this) {
      if (end != null) {
        return false;
      }
      end = how;
      if (effect != null && how != LocalOutcome.CANCELLED) {
        effect.complete(CancelEffect.NOT_CANCELLED);
      }
      task = null;
      due = handlers;
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
  private void callLater(Object how, CallerCallbacks<R> due) {
    boolean harmless =
        how instanceof DecodedOutcome
            || (how instanceof Payload line
                && reader != null
                && reader.isScalar()
                && OutcomeLine.isValue(line));
    Engine engine = pool.engine();
    if (harmless && engine.decoding().isIdle()) {
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
        handlers = null;
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
        end = failed;
      }
      return failed;
    }
  }

  @SuppressWarnings("unchecked") // end is undecoded or an Ended<R>
  private DecodedOutcome<R> decodedOrThrow() {
    Object raw;
    synchronized (this) {
      raw = end;
    }
    if (raw instanceof DecodedOutcome<?> done) {
      return (DecodedOutcome<R>) done;
    }
    DecodedOutcome<R> made;
    if (raw instanceof Payload line) {
      made = reader == null ? DecodedOutcome.failed(Failures.of(line, null)) : reader.read(line);
    } else if (raw instanceof Supplier<?> undecoded) {
      made = (DecodedOutcome<R>) undecoded.get();
    } else {
      throw new IllegalStateException("not ended: " + raw);
    }
    synchronized (this) {
      if (end instanceof DecodedOutcome<?> done) {
        return (DecodedOutcome<R>) done;
      }
      end = made;
      return made;
    }
  }

  // ---- as a future

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    PendingTask where;
    int position;
    MapJob<?> map;
    synchronized (this) {
      where = task;
      position = index;
      map = job;
    }
    if (!trySettle(LocalOutcome.CANCELLED)) {
      return false;
    }
    if (map != null) {
      map.cancelled(mayInterruptIfRunning);
    } else {
      if (where == null || !pool.engine().cancelled(where, position, mayInterruptIfRunning)) {
        cancelled(CancelEffect.NEVER_STARTED);
      }
      pool.engine().singleEnded();
    }
    return true;
  }

  @Override
  public synchronized CompletableFuture<CancelEffect> cancelEffect() {
    if (effect == null) {
      effect = new CompletableFuture<>();
      if (end != null && !endedByCancel()) {
        effect.complete(CancelEffect.NOT_CANCELLED);
      }
    }
    return effect;
  }

  @GuardedBy("this")
  private boolean endedByCancel() {
    return end == LocalOutcome.CANCELLED
        || (end instanceof DecodedOutcome<?> done
            && done.failure() instanceof CancellationException);
  }

  /** Derives the effect of a cancel from the outcome of the cancelled call. */
  static CancelEffect effect(Payload line) {
    if (OutcomeLine.isValue(line)) {
      return CancelEffect.FINISHED;
    }
    RemoteFailure failure;
    try {
      failure = OutcomeLine.failure(line);
    } catch (WireFormatException e) {
      return CancelEffect.UNKNOWN;
    }
    return switch (failure.kind()) {
      case CANCELLED -> failure.neverStarted() ? CancelEffect.NEVER_STARTED : CancelEffect.STOPPED;
      case REJECTED, EXPIRED, INITIALIZER_FAILED -> CancelEffect.NEVER_STARTED;
      case FAILED, RESULT_NOT_SERIALIZABLE -> CancelEffect.FINISHED;
      case TIME_LIMIT, CHILD_LOST -> CancelEffect.STOPPED;
      case HOST_LOST, POOL_TERMINATED, BROKER_UNAVAILABLE -> CancelEffect.UNKNOWN;
    };
  }

  @Override
  public boolean isCancelled() {
    return ready() && decoded().failure() instanceof CancellationException;
  }

  @Override
  public boolean ready() {
    boolean inside = pool.engine().callbacks().inside();
    synchronized (this) {
      return inside ? end != null : ready;
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
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException("the input failed: " + ExceptionText.text(failure), failure);
    }
    return decoded.value();
  }

  private boolean awaitReady(long nanos) throws InterruptedException {
    boolean inside = pool.engine().callbacks().inside();
    if (!inside && (ready || comesSoon(nanos))) {
      return true;
    }
    if (nanos == FOR_EVER && !ready()) {
      pool.engine().waitsForEver();
    }
    synchronized (this) {
      if (nanos == FOR_EVER) {
        while (!(inside ? end != null : ready)) {
          wait();
        }
        return true;
      }
      long start = pool.engine().time().nanos();
      while (!(inside ? end != null : ready)) {
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
  private boolean comesSoon(long nanos) {
    return reader != null
        && nanos > PoolCore.SPIN.toNanos()
        && !Thread.currentThread().isInterrupted()
        && pool.engine().openJobs() == 1
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
        CallerCallbacks<R> all = handlers == null ? new CallerCallbacks<>(null, null) : handlers;
        all.add(view);
        handlers = all;
        return view;
      }
    }
    view.end(decoded());
    return view;
  }

  @Override
  public synchronized String toString() {
    return "AsyncResult[" + (ready ? "ready" : end == null ? "pending" : "in its callback") + "]";
  }

  /** A future that forwards its cancellation. */
  static final class View<R extends @Nullable Object> extends CompletableFuture<R> {
    private final PendingResult<R> result;

    View(PendingResult<R> result) {
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
