package dev.warren.pool;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.ShortWaits;
import dev.warren.pool.engine.ArgumentLine;
import dev.warren.pool.engine.ArgumentWriter;
import dev.warren.pool.engine.CallSpec;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.FunctionReader;
import dev.warren.pool.engine.Input;
import dev.warren.pool.engine.ReadFunction;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.databind.JavaType;

/**
 * What all views of one pool, and the results of its calls, have in common. As long as a user can
 * reach one of them the pool is in use; once nobody can, it is released with a warning.
 * Thread-safe.
 */
final class OpenPool {
  /** Notices what users have let go of. */
  static final Cleaner CLEANER = Cleaner.create(NamedThreads.factory("pool-cleaner"));

  private static final Logger log = Logs.of(OpenPool.class);

  /** Some round trips of a warm local pool. */
  static final Duration LOOK_OUT = Duration.ofNanos(100_000);

  private final String name;
  private final Engine engine;
  private final ArgumentWriter writer;
  private final ShortWaits shortWaits;
  // one per result type and loader, because there is one result per call
  private final Map<ReaderKey, ResultReader<?>> readers = new ConcurrentHashMap<>();

  OpenPool(String name, Engine engine, int maxBodyBytes) {
    this.name = name;
    this.engine = engine;
    this.writer = new ArgumentWriter(maxBodyBytes);
    this.shortWaits = ShortWaits.of(engine.time(), LOOK_OUT);
    var unused = CLEANER.register(this, new Abandoned(name, engine, new Throwable("opened here")));
  }

  String name() {
    return name;
  }

  Engine engine() {
    return engine;
  }

  /** For threads that wait for this pool's only call. */
  ShortWaits shortWaits() {
    return shortWaits;
  }

  /** Submits one call. */
  <R extends @Nullable Object> PendingResult<R> submit(
      TaskOptions options,
      Serializable fn,
      @Nullable Handlers<R> handlers,
      @Nullable Object... args) {
    ReadFunction function = FunctionReader.read("fn", fn);
    Payload line = writer.line(args);
    PendingResult<R> result = new PendingResult<>(this, this.<R>reader(function), handlers);
    engine.submit(spec(function, options), line, result);
    return result;
  }

  /** Submits a map over items, each of which {@code arguments} makes a call's arguments. */
  <T extends @Nullable Object, R extends @Nullable Object> PendingResult<List<R>> map(
      TaskOptions options,
      Serializable fn,
      Iterable<? extends T> items,
      int chunkSize,
      ArgumentLine<T> arguments,
      @Nullable Handlers<List<R>> handlers) {
    ReadFunction function = FunctionReader.read("fn", fn);
    Input<T> input = input(Checks.given("items", items), arguments);
    PendingResult<List<R>> result = new PendingResult<>(this, null, handlers);
    MapJob.start(this, spec(function, options), this.<R>reader(function), input, chunkSize, result);
    return result;
  }

  private <T extends @Nullable Object> Input<T> input(
      Iterable<? extends T> items, ArgumentLine<T> arguments) {
    if (items instanceof Collection<? extends T> collection) {
      // as it is now: what happens to it later is of no effect
      List<T> snapshot = Checks.snapshot(collection);
      return input(snapshot.iterator(), snapshot.size(), arguments, () -> {});
    }
    return input(items.iterator(), -1, arguments, () -> {});
  }

  private <T extends @Nullable Object> Input<T> input(
      Iterator<? extends T> items, long size, ArgumentLine<T> arguments, Runnable close) {
    return new Input<>(items, size, writer, arguments, close);
  }

  /** Starts a lazy job over items. */
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      TaskOptions options,
      Serializable fn,
      Iterator<? extends A> items,
      Runnable close,
      int chunkSize,
      boolean ordered) {
    ReadFunction function = FunctionReader.read("fn", fn);
    Input<A> input = input(items, -1, ArgumentWriter::writeOne, close);
    return new LazyResults<>(
        this,
        engine.run(spec(function, options), input, chunkSize, ordered),
        this.<R>reader(function));
  }

  /** Starts a lazy job by name. */
  JsonOutcomes json(
      TaskOptions options,
      FunctionRef function,
      Iterator<Payload> arguments,
      int chunkSize,
      boolean ordered) {
    Input<Payload> input = input(arguments, -1, ArgumentWriter::copy, () -> {});
    CallSpec spec = new CallSpec(function, null, options);
    return new LazyOutcomes(this, engine.run(spec, input, chunkSize, ordered));
  }

  @SuppressWarnings("unchecked") // the type of its results is what it is found by
  private <R extends @Nullable Object> ResultReader<R> reader(ReadFunction function) {
    return (ResultReader<R>)
        readers.computeIfAbsent(
            new ReaderKey(function.resultType(), function.loader()),
            key -> new ResultReader<>(function));
  }

  private static CallSpec spec(ReadFunction function, TaskOptions options) {
    return new CallSpec(function.ref(), function.captured(), options);
  }

  private record ReaderKey(JavaType type, @Nullable ClassLoader loader) {}

  /** What is left to do for a pool that nobody can reach any more. Must not reach it itself. */
  private record Abandoned(String name, Engine engine, Throwable opening) implements Runnable {
    @Override
    public void run() {
      if (engine.state() == Engine.State.RUNNING) {
        log.warn(
            "pool {} was never closed and nobody can reach it any more; it is terminated. Close"
                + " pools, best with try (Pool pool = …)",
            name,
            opening);
        engine.terminate();
      }
    }
  }
}
