package dev.warren.pool;

import dev.warren.json.Lines;
import dev.warren.pool.engine.ActiveJob;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.submit.Abandoned;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.InputFeed;
import dev.warren.pool.engine.threads.Decoding;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.Payload;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@code map} or another job with one result, and the receiver of its calls'
 * outcomes. What is collected is confined to the thread that decodes it; the rest is thread-safe.
 *
 * @param <R> type of the calls' values
 * @param <T> type of the job's result
 */
final class MapResult<R extends @Nullable Object, T extends @Nullable Object>
    extends ResultFuture<T> implements JobReceiver, ActiveJob {
  /** Bytes of results that arrive between two checks of the heap. */
  private static final int UNCHECKED = 64 * 1024;

  private final ResultReader<R> reader;
  private final boolean failFast;
  // where the job was submitted
  private final Throwable site = new Throwable();
  // volatile: written once by start, before any outcome can arrive
  private volatile @Nullable InputFeed<?> feed;

  // for values that only user code can decode; null if all maps share one thread
  private final @Nullable Decoding decoding;
  // null once nothing more is collected: after a cancel, or because there is no memory
  private @Nullable OutcomeCollector<R, T> collector;
  private final long size;
  private final @Nullable JobTrace trace;
  private int unchecked;
  private long ended;
  private long total = -1;

  // whether failFast has cancelled the calls that had not ended
  private boolean failedFast;

  // the strongest effect on calls that had not ended when the map was cancelled
  private boolean cancelled;
  private AsyncResult.CancelEffect effect = AsyncResult.CancelEffect.NEVER_STARTED;

  private MapResult(
      PoolCore pool,
      ResultReader<R> reader,
      OutcomeCollector<R, T> collector,
      boolean failFast,
      long size,
      @Nullable JobTrace trace,
      @Nullable CallerCallbacks<T> callbacks) {
    super(pool, callbacks);
    this.reader = reader;
    this.failFast = failFast;
    this.decoding = reader.isScalar() ? null : pool.engine().threads().newDecoding();
    this.collector = collector;
    this.size = size;
    this.trace = trace;
  }

  /**
   * Starts a map.
   *
   * @throws IllegalStateException if the pool accepts no more calls
   */
  static <I, R extends @Nullable Object, T extends @Nullable Object> MapResult<R, T> start(
      PoolCore pool,
      CallSpec spec,
      ResultReader<R> reader,
      LongFunction<OutcomeCollector<R, T>> collector,
      Input<I> input,
      int chunkSize,
      @Nullable CallerCallbacks<T> callbacks) {
    MapResult<R, T> map =
        new MapResult<>(
            pool,
            reader,
            collector.apply(input.size()),
            spec.options().failFast(),
            input.size(),
            spec.trace(),
            callbacks);
    InputFeed<I> feed = pool.engine().start(spec, input, chunkSize, map);
    map.feed = feed;
    feed.start();
    return map;
  }

  @Override
  public void outcome(long index, Payload line) {
    outcomes(index, Lines.single(line), 0, 1);
  }

  @Override
  public void outcomes(long index, Lines lines, int from, int to) {
    inTurn(() -> collect(index, lines, from, to));
  }

  /** Runs the action after all earlier ones, one at a time. */
  private void inTurn(Runnable action) {
    if (decoding == null) {
      pool().engine().threads().decode(action);
    } else {
      decoding.execute(action);
    }
  }

  private void collect(long index, Lines lines, int from, int to) {
    try {
      if (cancelled) {
        for (int i = from; i < to; i++) {
          effect = CancelEffects.stronger(effect, CancelEffects.of(lines.get(i)));
        }
      } else if (collector != null) {
        collector.makeRoom(index + to - from);
        unchecked += lines.bytes(from, to);
        if (unchecked > UNCHECKED) {
          unchecked = 0;
          if (HeapSpace.isNearlyFull()) {
            throw new OutOfMemoryError();
          }
        }
        reader.readAll(lines, from, to, new Placed(collector, index - from));
      }
    } catch (Throwable e) {
      noRoom(e);
    } finally {
      ended += to - from;
      finishIfDone();
    }
  }

  /** The values do not fit into memory or a list: the whole map fails. */
  private void noRoom(Throwable why) {
    collector = null;
    end(
        DecodedOutcome.failed(
            Failures.unreadable(
                why instanceof OutOfMemoryError
                    ? new OutOfMemoryError(
                        "not enough memory for the values of a map of at least "
                            + (ended + 1)
                            + " calls: consume results as they arrive (imap), or raise -Xmx")
                    : why)));
    stop(true);
  }

  @Override
  public void inputEnded(long count) {
    inTurn(
        () -> {
          total = count;
          finishIfDone();
        });
  }

  @Override
  public void inputFailed(long count, Throwable failure) {
    end(DecodedOutcome.failed(failure));
    stop(true);
  }

  /** Stores values and failures of consecutive calls at their positions. */
  private final class Placed implements ResultReader.Sink<R> {
    private final OutcomeCollector<R, T> collector;
    private final long base;

    Placed(OutcomeCollector<R, T> collector, long base) {
      this.collector = collector;
      this.base = base;
    }

    @Override
    public void value(int line, R value) {
      collector.value((int) (base + line), value);
    }

    @Override
    public void failure(int line, LongFunction<Throwable> failure) {
      long index = base + line;
      Supplier<Throwable> located = () -> CallerFrames.put(failure.apply(index), site);
      collector.failure((int) index, located);
      if (failFast) {
        failNow(collector, located);
      }
    }
  }

  /** A call has failed, and no other is worth waiting for. */
  private void failNow(OutcomeCollector<R, T> kept, Supplier<Throwable> failure) {
    if (!kept.keepsFailures()) {
      end(new ResultState.Failed<>(List.of(failure)));
      stop(true);
    } else if (!failedFast) {
      failedFast = true;
      InputFeed<?> started = feed;
      if (started != null) {
        Abandoned abandoned = started.abandon(LocalOutcome.CANCELLED, true);
        total = Math.max(abandoned.calls(), size);
        ended += abandoned.unsent() + total - abandoned.calls();
      }
    }
  }

  private void finishIfDone() {
    if (ended != total) {
      return;
    }
    if (cancelled) {
      reportCancel(effect);
      return;
    }
    try {
      OutcomeCollector<R, T> all = collector;
      if (all != null) {
        end(all.result((int) total));
      }
    } catch (Throwable e) {
      noRoom(e);
    }
  }

  private void end(ResultState<T> how) {
    trySettle(how);
    over(how instanceof ResultState.Failed<?>);
  }

  @Override
  DecodedOutcome<T> decode(Payload line) {
    return DecodedOutcome.failed(CallerFrames.put(Failures.of(line, null), site));
  }

  @Override
  boolean isDecodedWithoutUserCode(Payload line) {
    return false;
  }

  @Override
  boolean mayEndSoon() {
    return false;
  }

  @Override
  void forgetCalls() {}

  @Override
  void dropCalls(boolean interrupt) {
    InputFeed<?> started = feed;
    if (started != null) {
      Abandoned abandoned = started.abandon(LocalOutcome.RELEASED, interrupt);
      inTurn(
          () -> {
            cancelled = true;
            collector = null;
            ended += abandoned.unsent();
            total = abandoned.calls();
            finishIfDone();
          });
    }
    over(false);
  }

  private void over(boolean failed) {
    JobTrace.ended(trace, failed);
    pool().engine().end(this);
  }

  @Override
  public void terminated(Payload line) {
    InputFeed<?> started = feed;
    if (started != null) {
      started.stop();
    }
    trySettle(new ResultState.Undecoded<>(line));
    over(true);
  }

  private void stop(boolean interrupt) {
    InputFeed<?> started = feed;
    if (started != null) {
      started.cancel(LocalOutcome.CANCELLED, interrupt);
    }
  }
}
