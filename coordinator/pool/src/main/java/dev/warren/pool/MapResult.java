package dev.warren.pool;

import dev.warren.json.Lines;
import dev.warren.pool.engine.ActiveJob;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.submit.Abandoned;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.Input;
import dev.warren.pool.engine.submit.InputFeed;
import dev.warren.pool.engine.threads.Decoding;
import dev.warren.task.Payload;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of a map, and the receiver of its calls' outcomes. The collected values are confined
 * to the thread that decodes them; the rest is thread-safe.
 */
final class MapResult<R extends @Nullable Object> extends ResultFuture<List<R>>
    implements JobReceiver, ActiveJob {
  /** Maximum number of failures reported, including the one thrown. */
  private static final int MAX_FAILURES = 11;

  /** Bytes of results that arrive between two checks of the heap. */
  private static final int UNCHECKED = 64 * 1024;

  private final ResultReader<R> reader;
  private final boolean failFast;
  // volatile: written once by start, before any outcome can arrive
  private volatile @Nullable InputFeed<?> feed;

  // for values that only user code can decode; null if all maps share one thread
  private final @Nullable Decoding decoding;
  // null once there is no memory for the values
  private @Nullable MapValues<R> values;
  private int unchecked;
  private long ended;
  private long total = -1;
  private final TreeMap<Long, Supplier<Throwable>> failures = new TreeMap<>();

  // the strongest effect on calls that had not ended when the map was cancelled
  private boolean cancelled;
  private AsyncResult.CancelEffect effect = AsyncResult.CancelEffect.NEVER_STARTED;

  private MapResult(
      PoolCore pool,
      ResultReader<R> reader,
      boolean failFast,
      long size,
      @Nullable CallerCallbacks<List<R>> callbacks) {
    super(pool, callbacks);
    this.reader = reader;
    this.failFast = failFast;
    this.decoding = reader.isScalar() ? null : pool.engine().threads().newDecoding();
    this.values = new MapValues<>(size);
  }

  /**
   * Starts a map.
   *
   * @throws IllegalStateException if the pool accepts no more calls
   */
  static <T, R extends @Nullable Object> MapResult<R> start(
      PoolCore pool,
      CallSpec spec,
      ResultReader<R> reader,
      Input<T> input,
      int chunkSize,
      @Nullable CallerCallbacks<List<R>> callbacks) {
    MapResult<R> map =
        new MapResult<>(pool, reader, spec.options().failFast(), input.size(), callbacks);
    InputFeed<T> feed = pool.engine().start(spec, input, chunkSize, map);
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
      } else if (values != null) {
        values.makeRoom(index + to - from);
        unchecked += lines.bytes(from, to);
        if (unchecked > UNCHECKED) {
          unchecked = 0;
          if (HeapSpace.isNearlyFull()) {
            throw new OutOfMemoryError();
          }
        }
        reader.readAll(lines, from, to, new Collector(values, index - from));
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
    values = null;
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
  private final class Collector implements ResultReader.Sink<R> {
    private final MapValues<R> values;
    private final long base;

    Collector(MapValues<R> values, long base) {
      this.values = values;
      this.base = base;
    }

    @Override
    public void value(int line, R value) {
      values.put((int) (base + line), value);
    }

    @Override
    public void failure(int line, Supplier<Throwable> failure) {
      failed(base + line, failure);
    }
  }

  private void failed(long index, Supplier<Throwable> failure) {
    failures.put(index, failure);
    if (failures.size() > MAX_FAILURES) {
      failures.pollLastEntry();
    }
    if (failFast) {
      end(new ResultState.Failed<>(List.of(failure)));
      stop(true);
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
    if (!failures.isEmpty()) {
      end(new ResultState.Failed<>(List.copyOf(failures.values())));
      return;
    }
    try {
      MapValues<R> all = values;
      if (all != null) {
        end(DecodedOutcome.with(all.list((int) total)));
      }
    } catch (Throwable e) {
      noRoom(e);
    }
  }

  private void end(ResultState<List<R>> how) {
    trySettle(how);
    pool().engine().end(this);
  }

  @Override
  DecodedOutcome<List<R>> decode(Payload line) {
    return DecodedOutcome.failed(Failures.of(line, null));
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
      Abandoned abandoned = started.abandon(interrupt);
      inTurn(
          () -> {
            cancelled = true;
            values = null;
            ended += abandoned.unsent();
            total = abandoned.calls();
            finishIfDone();
          });
    }
    pool().engine().end(this);
  }

  @Override
  public void terminated(Payload line) {
    InputFeed<?> started = feed;
    if (started != null) {
      started.stop();
    }
    trySettle(new ResultState.Undecoded<>(line));
    pool().engine().end(this);
  }

  private void stop(boolean interrupt) {
    InputFeed<?> started = feed;
    if (started != null) {
      started.cancel(LocalOutcome.CANCELLED, interrupt);
    }
  }
}
