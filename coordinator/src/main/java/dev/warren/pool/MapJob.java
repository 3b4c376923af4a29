package dev.warren.pool;

import dev.warren.pool.engine.CallSpec;
import dev.warren.pool.engine.Decoding;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.Input;
import dev.warren.pool.engine.JobReceiver;
import dev.warren.pool.engine.OpenJob;
import dev.warren.task.Payload;
import dev.warren.wire.Lines;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the outcomes of a map. All that is collected is confined to the pool's results thread;
 * the rest is thread-safe.
 */
final class MapJob<R extends @Nullable Object> implements JobReceiver, OpenJob {
  /** Failures told of at most, the one thrown included. */
  private static final int MOST_FAILURES = 11;

  /** What many calls came to together: the last of these that is true of one. */
  private static final List<AsyncResult.CancelEffect> STRENGTH =
      List.of(
          AsyncResult.CancelEffect.NEVER_STARTED,
          AsyncResult.CancelEffect.FINISHED,
          AsyncResult.CancelEffect.UNKNOWN,
          AsyncResult.CancelEffect.STOPPED);

  private final OpenPool pool;
  private final ResultReader<R> reader;
  private final boolean failFast;
  private final PendingResult<List<R>> result;
  // written once by start, before any outcome can come
  private volatile Engine.@Nullable JobFeed feed;

  // of values that only code of users can read; null where all maps share a thread
  private final @Nullable Decoding decoding;
  // given up once there is no room for it
  private @Nullable MapValues<R> values;
  private long ended;
  private long total = -1;
  private final TreeMap<Long, Supplier<Throwable>> failures = new TreeMap<>();

  // what the calls came to that had not ended when the map was cancelled
  private boolean cancelled;
  private AsyncResult.CancelEffect effect = AsyncResult.CancelEffect.NEVER_STARTED;

  private MapJob(
      OpenPool pool,
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

  /** Starts a map; its outcome goes to {@code result}. */
  static <T, R extends @Nullable Object> void start(
      OpenPool pool,
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

  /** Runs this after all that was given before; one at a time. */
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

  /** The values cannot be held, or put in their places: the map fails as a whole. */
  private void noRoom(Throwable why) {
    values = null;
    end(
        Ended.failed(
            Failures.unreadable(
                why instanceof OutOfMemoryError
                    ? new OutOfMemoryError(
                        "no room for the values of a map of at least "
                            + (ended + 1)
                            + " calls: take results as they come (imap), or raise -Xmx")
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
    end(Ended.failed(failure));
    stop(true);
  }

  /** Puts values and failures of consecutive calls where they belong. */
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
    if (failures.size() > MOST_FAILURES) {
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
        end(Ended.with(all.list((int) total)));
      }
    } catch (Throwable e) {
      noRoom(e);
    }
  }

  /** The exceptions are made by whoever asks for the result: that may run code of users. */
  private Supplier<Ended<List<R>>> undecoded(List<Supplier<Throwable>> failed) {
    return () -> {
      Throwable first = failed.get(0).get();
      failed.stream().skip(1).forEach(other -> first.addSuppressed(other.get()));
      return Ended.failed(first);
    };
  }

  private void end(Object how) {
    result.settle(how);
    pool.engine().end(this);
  }

  /** The result was cancelled. */
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
    result.settle(line);
    pool.engine().end(this);
  }

  private void stop(boolean interrupt) {
    Engine.JobFeed started = feed;
    if (started != null) {
      started.cancel(interrupt);
    }
  }
}
