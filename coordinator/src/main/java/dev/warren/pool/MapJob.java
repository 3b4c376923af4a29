package dev.warren.pool;

import dev.warren.pool.engine.CallSpec;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.Input;
import dev.warren.pool.engine.JobReceiver;
import dev.warren.pool.engine.LocalOutcome;
import dev.warren.pool.engine.OpenJob;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.wire.Lines;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the outcomes of a map. All that is collected is confined to the pool's results thread;
 * the rest is thread-safe.
 */
final class MapJob<R extends @Nullable Object> implements JobReceiver, OpenJob {
  /** Failures told of at most, the one thrown included. */
  private static final int MOST_FAILURES = 11;

  private final OpenPool pool;
  private final ResultReader<R> reader;
  private final boolean failFast;
  private final PendingResult<List<R>> result;
  // written once by start, before any outcome can come
  private volatile Engine.@Nullable JobFeed feed;

  private final MapValues<R> values;
  private long ended;
  private long total = -1;
  private final TreeMap<Long, Throwable> failures = new TreeMap<>();

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
    pool.engine()
        .decode(
            () -> {
              values.makeRoom(index + to - from);
              reader.readAll(lines, from, to, new Collector(index - from));
              ended += to - from;
              finishIfDone();
            });
  }

  @Override
  public void inputEnded(long count) {
    pool.engine()
        .decode(
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
    private final long base;

    Collector(long base) {
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
    public void failure(int line, Throwable failure) {
      failed(base + line, failure);
    }
  }

  private void failed(long index, Throwable failure) {
    failures.put(index, failure);
    if (failures.size() > MOST_FAILURES) {
      failures.pollLastEntry();
    }
    if (failFast) {
      end(Ended.failed(failure));
      stop(true);
    }
  }

  private void finishIfDone() {
    if (ended != total) {
      return;
    }
    if (failures.isEmpty()) {
      end(Ended.with(values.list((int) total)));
      return;
    }
    Throwable first = failures.pollFirstEntry().getValue();
    failures.values().forEach(first::addSuppressed);
    end(Ended.failed(first));
  }

  private void end(Ended<List<R>> how) {
    result.settle(how);
    pool.engine().end(this);
  }

  /** The result was cancelled. */
  void cancelled(boolean interrupt) {
    stop(interrupt);
    pool.engine().end(this);
  }

  @Override
  public void terminated() {
    Engine.JobFeed started = feed;
    if (started != null) {
      started.stop();
    }
    result.settle(
        LocalOutcome.line(
            FailureKind.POOL_TERMINATED, "the pool was terminated before the map had ended"));
    pool.engine().end(this);
  }

  private void stop(boolean interrupt) {
    Engine.JobFeed started = feed;
    if (started != null) {
      started.cancel(interrupt);
    }
  }
}
