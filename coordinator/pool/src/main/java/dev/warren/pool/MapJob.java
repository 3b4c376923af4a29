package dev.warren.pool;

import dev.warren.json.Lines;
import dev.warren.pool.engine.ActiveJob;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.collect.Decoding;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.Input;
import dev.warren.task.Payload;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the outcomes of a map. The collected state is confined to the thread that decodes them;
 * the rest is thread-safe.
 */
final class MapJob<R extends @Nullable Object> implements JobReceiver, ActiveJob {
  /** Maximum number of failures reported, including the one thrown. */
  private static final int MAX_FAILURES = 11;

  /** Effects by increasing strength: the effect of a map is the strongest of its calls' effects. */
  private static final List<AsyncResult.CancelEffect> STRENGTH =
      List.of(
          AsyncResult.CancelEffect.NEVER_STARTED,
          AsyncResult.CancelEffect.FINISHED,
          AsyncResult.CancelEffect.UNKNOWN,
          AsyncResult.CancelEffect.STOPPED);

  private final PoolCore pool;
  private final ResultReader<R> reader;
  private final boolean failFast;
  private final PendingResult<List<R>> result;
  // volatile: written once by start, before any outcome can arrive
  private volatile Engine.@Nullable JobFeed feed;

  // for values that only user code can decode; null if all maps share one thread
  private final @Nullable Decoding decoding;
  // null once there is no memory for the values
  private @Nullable MapValues<R> values;
  private long ended;
  private long total = -1;
  private final TreeMap<Long, Supplier<Throwable>> failures = new TreeMap<>();

  // the strongest effect on calls that had not ended when the map was cancelled
  private boolean cancelled;
  private AsyncResult.CancelEffect effect = AsyncResult.CancelEffect.NEVER_STARTED;

  private MapJob(
      PoolCore pool,
      ResultReader<R> reader,
      boolean failFast,
      long size,
      PendingResult<List<R>> result) {
    this.pool = pool;
    this.reader = reader;
    this.failFast = failFast;
    this.result = result;
    this.decoding = reader.isScalar() ? null : pool.engine().newDecoding();
    this.values = new MapValues<>(reader.type(), size);
  }

  /** Starts a map; its outcome is delivered to {@code result}. */
  static <T, R extends @Nullable Object> void start(
      PoolCore pool,
      CallSpec spec,
      ResultReader<R> reader,
      Input<T> input,
      int chunkSize,
      PendingResult<List<R>> result) {
    MapJob<R> job = new MapJob<>(pool, reader, spec.options().failFast(), input.size(), result);
    result.belongsTo(job);
    Engine.JobFeed feed = pool.engine().start(spec, input, chunkSize, job);
    job.feed = feed;
    feed.begin();
  }

  @Override
  public void outcome(long index, Payload line) {
    outcomes(index, Lines.single(line), 0, 1);
  }

  @Override
  public void outcomes(long index, Lines lines, int from, int to) {
    decode(() -> take(index, lines, from, to));
  }

  /** Runs the action after all earlier ones, one at a time. */
  private void decode(Runnable action) {
    if (decoding == null) {
      pool.engine().decode(action);
    } else {
      decoding.execute(action);
    }
  }

  private void take(long index, Lines lines, int from, int to) {
    try {
      if (cancelled) {
        for (int i = from; i < to; i++) {
          effect = stronger(effect, PendingResult.effect(lines.get(i)));
        }
      } else if (values != null) {
        values.makeRoom(index + to - from);
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
    decode(
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
    public void number(int line, long number) {
      values.put((int) (base + line), number);
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
      end(undecoded(List.of(failure)));
      stop(true);
    }
  }

  private void finishIfDone() {
    if (ended != total) {
      return;
    }
    if (cancelled) {
      result.cancelled(effect);
      return;
    }
    if (!failures.isEmpty()) {
      end(undecoded(List.copyOf(failures.values())));
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

  /**
   * The exceptions are created by the thread that asks for the result, because that may run user
   * code.
   */
  private Supplier<DecodedOutcome<List<R>>> undecoded(List<Supplier<Throwable>> failed) {
    return () -> {
      Throwable first = failed.get(0).get();
      failed.stream().skip(1).forEach(other -> first.addSuppressed(other.get()));
      return DecodedOutcome.failed(first);
    };
  }

  private void end(Object how) {
    result.trySettle(how);
    pool.engine().end(this);
  }

  /** Called when the result was cancelled. */
  void cancelled(boolean interrupt) {
    Engine.JobFeed started = feed;
    if (started != null) {
      Engine.Abandoned abandoned = started.abandon(interrupt);
      decode(
          () -> {
            cancelled = true;
            values = null;
            ended += abandoned.unsent();
            total = abandoned.calls();
            finishIfDone();
          });
    }
    pool.engine().end(this);
  }

  private static AsyncResult.CancelEffect stronger(
      AsyncResult.CancelEffect one, AsyncResult.CancelEffect other) {
    return STRENGTH.indexOf(one) > STRENGTH.indexOf(other) ? one : other;
  }

  @Override
  public void terminated(Payload line) {
    Engine.JobFeed started = feed;
    if (started != null) {
      started.stop();
    }
    result.trySettle(line);
    pool.engine().end(this);
  }

  private void stop(boolean interrupt) {
    Engine.JobFeed started = feed;
    if (started != null) {
      started.cancel(interrupt);
    }
  }
}
