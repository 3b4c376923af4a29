package dev.warren.pool;

import dev.warren.json.Values;
import dev.warren.lifecycle.AdaptiveSpin;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.JobHost;
import dev.warren.pool.engine.function.ArgumentLine;
import dev.warren.pool.engine.function.ArgumentWriter;
import dev.warren.pool.engine.function.FunctionReader;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.function.ReadFunction;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.DetachedCalls;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.SecretIds;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The core of one open pool, shared by all its views and by the results of its calls. The pool is
 * in use while a user can reach any of those; once it is unreachable, it is released with a
 * warning. Thread-safe.
 */
final class PoolCore {
  /** Detects pools and iterators that users have dropped. */
  static final Cleaner CLEANER = Cleaner.create(NamedThreads.factory("pool-cleaner"));

  private static final Logger log = Logs.of(PoolCore.class);

  /** A few round trips of a warm local pool. */
  static final Duration SPIN = Duration.ofNanos(100_000);

  private final String name;
  private final Engine engine;
  private final JobHost host;
  private final boolean local;
  private final int maxBodyBytes;
  private final Values values;
  private final AdaptiveSpin spin;
  // one reader per result type and class loader, because there is one result per call
  private final Map<ReaderKey, ResultReader<?>> readers = new ConcurrentHashMap<>();
  // volatile: the last call's entry, a cache written by any thread
  private volatile @Nullable Travel<?> last;
  // one writer per function, for the same reason
  private final Map<WriterKey, ArgumentWriter> writers = new ConcurrentHashMap<>();

  /**
   * Creates the core of a started engine.
   *
   * @param host what the engine works with
   */
  PoolCore(Engine engine, JobHost host) {
    this.local = host.local();
    this.name = host.names().pool();
    this.engine = engine;
    this.host = host;
    this.maxBodyBytes = host.broker().maxBodyBytes();
    this.values = host.values();
    this.spin = AdaptiveSpin.of(engine.time(), SPIN);
    var unused = CLEANER.register(this, new Abandoned(name, engine, new Throwable("opened here")));
  }

  String name() {
    return name;
  }

  Engine engine() {
    return engine;
  }

  /** What durable jobs need to run on this pool's workers. */
  JobHost host() {
    return host;
  }

  /** Spinner for threads that wait for this pool's only call. */
  AdaptiveSpin spin() {
    return spin;
  }

  <R extends @Nullable Object> CallResult<R> submit(
      TaskOptions options,
      ReadFunction function,
      @Nullable CallerCallbacks<R> callbacks,
      @Nullable Object... args) {
    Travel<R> travel = travel(function, options);
    Payload line = travel.writer().line(args);
    CallResult<R> result = new CallResult<>(this, travel.reader(), callbacks);
    engine.submit(spec(function, options), line, result);
    return result;
  }

  /**
   * Submits a map over items.
   *
   * @param arguments converts each item to a call's arguments
   * @param collector creates the collector of the outcomes, given the estimated number of calls
   */
  <I extends @Nullable Object, R extends @Nullable Object, T extends @Nullable Object>
      MapResult<R, T> map(
          TaskOptions options,
          ReadFunction function,
          Iterable<? extends I> items,
          int chunkSize,
          ArgumentLine<I> arguments,
          LongFunction<OutcomeCollector<R, T>> collector,
          @Nullable CallerCallbacks<T> callbacks) {
    Input<I> input = input(Checks.given("items", items), writer(function, options), arguments);
    ResultReader<R> reader = reader(function, options);
    return MapResult.start(
        this, jobSpec(function, options), reader, collector, input, chunkSize, callbacks);
  }

  /** Reads a function whose values the caller wants. */
  ReadFunction function(Serializable fn) {
    return FunctionReader.read("fn", fn, values);
  }

  /** Reads a function whose values the caller does not want. */
  ReadFunction action(Serializable fn) {
    return FunctionReader.readAction("fn", fn, values);
  }

  private <T extends @Nullable Object> Input<T> input(
      Iterable<? extends T> items, ArgumentWriter writer, ArgumentLine<T> arguments) {
    if (items instanceof Collection<? extends T> collection) {
      // a snapshot: later changes of the collection have no effect
      List<T> snapshot = Checks.snapshot(collection);
      return new Input<>(snapshot.iterator(), snapshot.size(), writer, arguments, () -> {});
    }
    return new Input<>(items.iterator(), -1, writer, arguments, () -> {});
  }

  /** Hands a call over to the broker; returns its id once the broker has confirmed it. */
  String handOver(TaskOptions options, Serializable fn, @Nullable Object... args) {
    if (local) {
      if (options.replyTo() != null) {
        throw new IllegalArgumentException(
            "replyTo is "
                + options.replyTo()
                + "; a local: pool has no queue that others can read");
      }
      return runHere(options, fn, args);
    }
    ReadFunction function = options.replyTo() == null ? action(fn) : function(fn);
    Payload line = writer(function, options).line(args);
    try {
      return engine.publish(new CallSpec(function.ref(), function.captured(), options), line);
    } catch (DetachedCalls.NotPublishedException e) {
      throw Failures.notPublished(e.failure(), e);
    } catch (InterruptedException e) {
      throw Durations.interrupted("waiting for the broker to confirm a call; it may run", e);
    }
  }

  /** Runs a call that nobody waits for in the children of this process. */
  private String runHere(TaskOptions options, Serializable fn, @Nullable Object... args) {
    ReadFunction function = action(fn);
    String id = SecretIds.random();
    var unused =
        this.<@Nullable Void>submit(
            options,
            function,
            CallerCallbacks.of(
                null,
                failure ->
                    log.warn(
                        "call {} of {} failed, and nobody waits for it",
                        id,
                        function.ref().shortName(),
                        failure)),
            args);
    return id;
  }

  /** Starts a lazy job over items. */
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      TaskOptions options,
      ReadFunction function,
      Iterator<? extends A> items,
      Runnable close,
      int chunkSize,
      boolean ordered) {
    ArgumentWriter writer = writer(function, options);
    Input<A> input = new Input<>(items, -1, writer, ArgumentWriter::writeOne, close);
    return new LazyResultIterator<>(
        this,
        engine.run(jobSpec(function, options), input, chunkSize, ordered),
        this.<R>reader(function, options));
  }

  /** Starts a lazy job of a function given by name. */
  JsonOutcomes json(
      TaskOptions options,
      FunctionRef function,
      Iterator<Payload> arguments,
      int chunkSize,
      boolean ordered) {
    ArgumentWriter writer = ArgumentWriter.ofJson(maxBodyBytes);
    Input<Payload> input = new Input<>(arguments, -1, writer, ArgumentWriter::copy, () -> {});
    CallSpec spec = new CallSpec(function, null, options, trace(function));
    return new JsonOutcomeIterator(this, engine.run(spec, input, chunkSize, ordered));
  }

  @SuppressWarnings("unchecked") // the key contains the result type
  private <R extends @Nullable Object> ResultReader<R> reader(
      ReadFunction function, TaskOptions options) {
    ReaderKey key = new ReaderKey(function.resultType(), function.loader(), isStrict(options));
    ResultReader<?> known = readers.get(key);
    return (ResultReader<R>)
        (known == null
            ? readers.computeIfAbsent(key, k -> new ResultReader<>(function, values, k.strictly()))
            : known);
  }

  /** Returns the reader and writer of a function; cached for consecutive calls of one function. */
  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // cached for this instance
  private <R extends @Nullable Object> Travel<R> travel(
      ReadFunction function, TaskOptions options) {
    Travel<?> known = last;
    if (known != null && known.function() == function && known.strictly() == isStrict(options)) {
      return (Travel<R>) known;
    }
    Travel<R> made =
        new Travel<>(
            function,
            isStrict(options),
            writer(function, options),
            this.<R>reader(function, options));
    last = made;
    return made;
  }

  private ArgumentWriter writer(ReadFunction function, TaskOptions options) {
    WriterKey key =
        new WriterKey(
            function.ref(), function.loader(), function.parameters().size(), isStrict(options));
    ArgumentWriter known = writers.get(key);
    return known == null ? writers.computeIfAbsent(key, k -> newWriter(function, k)) : known;
  }

  private ArgumentWriter newWriter(ReadFunction function, WriterKey key) {
    return new ArgumentWriter(
        maxBodyBytes, function.ref().shortName(), values, function.parameters(), key.strictly());
  }

  /** The default is strict, as it is for workers. */
  private static boolean isStrict(TaskOptions options) {
    return !Boolean.FALSE.equals(options.strictJson());
  }

  private static CallSpec spec(ReadFunction function, TaskOptions options) {
    if (options.replyTo() != null) {
      throw new IllegalArgumentException(
          "replyTo is "
              + options.replyTo()
              + "; only submit sends outcomes to another queue, this call waits for its own");
    }
    return new CallSpec(function.ref(), function.captured(), options);
  }

  private CallSpec jobSpec(ReadFunction function, TaskOptions options) {
    CallSpec spec = spec(function, options);
    return new CallSpec(spec.function(), spec.captured(), options, trace(spec.function()));
  }

  private @Nullable JobTrace trace(FunctionRef function) {
    return JobTrace.start(host.tracing(), name, function, null);
  }

  /** The reader and writer of one function. */
  private record Travel<R extends @Nullable Object>(
      ReadFunction function, boolean strictly, ArgumentWriter writer, ResultReader<R> reader) {}

  private record ReaderKey(Type type, @Nullable ClassLoader loader, boolean strictly) {}

  private record WriterKey(
      FunctionRef function, @Nullable ClassLoader loader, int own, boolean strictly) {}

  /** Releases a pool that has become unreachable. Must not reference it. */
  private record Abandoned(String name, Engine engine, Throwable opening) implements Runnable {
    @Override
    public void run() {
      if (engine.state() == Engine.State.RUNNING) {
        log.warn(
            "pool {} was not closed and is no longer reachable; it is terminated. Close"
                + " pools, preferably with try (Pool pool = …)",
            name,
            opening);
        engine.terminate();
      }
    }
  }
}
