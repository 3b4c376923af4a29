package dev.warren.pool;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.json.LineBuffer;
import dev.warren.json.Values;
import dev.warren.pool.engine.function.ArgumentLine;
import dev.warren.pool.engine.function.ArgumentWriter;
import dev.warren.pool.engine.function.FunctionReader;
import dev.warren.pool.engine.function.ReadFunction;
import dev.warren.task.Action0;
import dev.warren.task.Action1;
import dev.warren.task.Action2;
import dev.warren.task.Action3;
import dev.warren.task.Action4;
import dev.warren.task.Bounds;
import dev.warren.task.ChildContext;
import dev.warren.task.Fn0;
import dev.warren.task.Fn1;
import dev.warren.task.Fn2;
import dev.warren.task.Fn3;
import dev.warren.task.Fn4;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.trace.NoTracing;
import dev.warren.trace.Tracing;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.WireCodecs;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A pool of child processes, on this machine or on every host that has joined it. It runs functions
 * by name and guarantees that every call ends: with a value or with a typed failure.
 *
 * <pre>{@code
 * try (Pool pool = Pool.open("amqp://guest:guest@localhost/?pool=stats")) {
 *   List<Double> scores = pool.map(Stats::score, items);
 * }
 * }</pre>
 *
 * <p>Thread-safe; every method may be called inside callbacks. Life cycle: open, then {@link
 * #shutdown()} or {@link #terminate()}, then {@link #join()}; or just {@link #close()}, which waits
 * for submitted work. A pool belongs to the process that opened it. A pool that becomes unreachable
 * without being closed is terminated, with a warning that shows where it was opened.
 *
 * <p>A call may open a pool, too. A call that opens the pool it runs in, and waits for calls of it,
 * keeps its slot while it waits: once such calls occupy all slots, none can make progress. Warren
 * logs a warning the first time a call waits without a timeout. Use a timeout, let the caller
 * submit the follow-up call, or use a pool with its own workers.
 *
 * <p>Functions are written as method references or lambdas; see {@link Fn1} for how they travel.
 * This file is long because it lists all calls, for each number of arguments; the implementation is
 * in {@code PoolCore} and {@code pool.engine}.
 */
public final class Pool implements AutoCloseable {
  /** Default of {@link Builder#brokerTimeout}. */
  public static final Duration BROKER_TIMEOUT = Duration.ofMinutes(10);

  /** Time between interrupting a cancelled running call and killing its child. */
  public static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

  private final PoolCore pool;
  private final TaskOptions options;
  private final int processes;

  private Pool(PoolCore pool, TaskOptions options, int processes) {
    this.pool = pool;
    this.options = options;
    this.processes = processes;
  }

  /**
   * Opens {@code local:}, with one child per available processor, or fewer if memory does not allow
   * that.
   *
   * @throws IllegalStateException if its children cannot be started
   */
  public static Pool open() {
    return builder().open();
  }

  /**
   * Opens {@code local:} or {@code amqp://user:password@host:5672/vhost?pool=NAME}, {@code amqps}
   * for TLS.
   *
   * @throws IllegalArgumentException naming the problem with the URI
   * @throws BrokerUnavailableException if the broker cannot be reached or refuses
   */
  public static Pool open(String uri) {
    return builder().uri(uri).open();
  }

  /** Creates a builder with all settings at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a view of this pool whose calls have these options; closing it closes the pool. */
  public Pool with(TaskOptions newOptions) {
    return new Pool(pool, Checks.given("options", newOptions), processes);
  }

  // ---- single calls

  /**
   * Calls a function and waits for its value.
   *
   * @throws TaskFailedException if the call ended without a value; the subtype tells why
   * @throws IllegalArgumentException if the function or an argument cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the call has been cancelled and
   *     the thread's interrupt flag is set
   */
  public <R extends @Nullable Object> R apply(Fn0<R> fn) {
    return this.<R>call(fn, null, null).take();
  }

  /** Calls a function of one argument and waits for its value, like {@link #apply(Fn0)}. */
  public <A extends @Nullable Object, R extends @Nullable Object> R apply(Fn1<A, R> fn, A a) {
    return this.<R>call(fn, null, null, a).take();
  }

  /** Calls a function of two arguments and waits for its value, like {@link #apply(Fn0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      R apply(Fn2<A, B, R> fn, A a, B b) {
    return this.<R>call(fn, null, null, a, b).take();
  }

  /** Calls a function of three arguments and waits for its value, like {@link #apply(Fn0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      R apply(Fn3<A, B, C, R> fn, A a, B b, C c) {
    return this.<R>call(fn, null, null, a, b, c).take();
  }

  /** Calls a function of four arguments and waits for its value, like {@link #apply(Fn0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      R apply(Fn4<A, B, C, D, R> fn, A a, B b, C c, D d) {
    return this.<R>call(fn, null, null, a, b, c, d).take();
  }

  /**
   * Submits a call; does not wait.
   *
   * @throws IllegalArgumentException if the function or an argument cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <R extends @Nullable Object> AsyncResult<R> applyAsync(Fn0<R> fn) {
    return call(fn, null, null);
  }

  /**
   * Submits a call with callbacks. When the call has ended, the matching callback is called once,
   * on the pool's callback thread; the result becomes ready when it has returned.
   *
   * @param callback receives the value; null for none
   * @param errorCallback receives the exception that {@code apply} would have thrown; null for none
   * @throws IllegalArgumentException if the function or an argument cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <R extends @Nullable Object> AsyncResult<R> applyAsync(
      Fn0<R> fn,
      @Nullable Consumer<? super R> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return call(fn, callback, errorCallback);
  }

  /** Submits a call of one argument, like {@link #applyAsync(Fn0)}. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      Fn1<A, R> fn, A a) {
    return call(fn, null, null, a);
  }

  /**
   * Submits a call of one argument with callbacks, like {@link #applyAsync(Fn0, Consumer,
   * Consumer)}.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      Fn1<A, R> fn,
      A a,
      @Nullable Consumer<? super R> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return call(fn, callback, errorCallback, a);
  }

  /** Submits a call of two arguments, like {@link #applyAsync(Fn0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<R> applyAsync(Fn2<A, B, R> fn, A a, B b) {
    return call(fn, null, null, a, b);
  }

  /**
   * Submits a call of two arguments with callbacks, like {@link #applyAsync(Fn0, Consumer,
   * Consumer)}.
   */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Fn2<A, B, R> fn,
          A a,
          B b,
          @Nullable Consumer<? super R> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return call(fn, callback, errorCallback, a, b);
  }

  /** Submits a call of three arguments, like {@link #applyAsync(Fn0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(Fn3<A, B, C, R> fn, A a, B b, C c) {
    return call(fn, null, null, a, b, c);
  }

  /**
   * Submits a call of three arguments with callbacks, like {@link #applyAsync(Fn0, Consumer,
   * Consumer)}.
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Fn3<A, B, C, R> fn,
          A a,
          B b,
          C c,
          @Nullable Consumer<? super R> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return call(fn, callback, errorCallback, a, b, c);
  }

  /** Submits a call of four arguments, like {@link #applyAsync(Fn0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(Fn4<A, B, C, D, R> fn, A a, B b, C c, D d) {
    return call(fn, null, null, a, b, c, d);
  }

  /**
   * Submits a call of four arguments with callbacks, like {@link #applyAsync(Fn0, Consumer,
   * Consumer)}.
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Fn4<A, B, C, D, R> fn,
          A a,
          B b,
          C c,
          D d,
          @Nullable Consumer<? super R> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return call(fn, callback, errorCallback, a, b, c, d);
  }

  // ---- many calls, results collected

  /**
   * Calls a function on each item and waits for all values, in the order of the items.
   *
   * <p>Each call has its own outcome. If some fail, the others are still awaited, unless {@code
   * failFast} is set. Then the failure with the lowest index is thrown, with up to ten others as
   * suppressed exceptions. A collection is copied when this method is called; any other source is
   * read on a thread of the pool while calls are running, and if it throws, so does this method,
   * without waiting for the rest. The number of calls per message adapts to measured call times.
   *
   * @return one value per item; empty for no items
   * @throws TaskFailedException if a call ended without a value; the subtype tells why
   * @throws IllegalArgumentException if the function cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the calls have been cancelled
   *     and the thread's interrupt flag is set
   */
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return this.<A, R>collect(fn, items, 0, ArgumentWriter::writeOne, null, null).take();
  }

  /** Like {@link #map(Fn1, Iterable)}, with {@code chunkSize} calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<A, R>collect(fn, items, size, ArgumentWriter::writeOne, null, null).take();
  }

  /** Submits the calls of {@link #map(Fn1, Iterable)}; does not wait. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return collect(fn, items, 0, ArgumentWriter::writeOne, null, null);
  }

  /** Submits the calls of {@link #map(Fn1, Iterable, int)}; does not wait. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), ArgumentWriter::writeOne, null, null);
  }

  /**
   * Like {@link #mapAsync(Fn1, Iterable)}, with callbacks as in {@link #applyAsync(Fn0, Consumer,
   * Consumer)}: one of them is called once, with the whole list or with the exception.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn,
      Iterable<? extends A> items,
      @Nullable Consumer<? super List<R>> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, ArgumentWriter::writeOne, callback, errorCallback);
  }

  /** Like {@link #mapAsync(Fn1, Iterable, int)}, with callbacks. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn,
      Iterable<? extends A> items,
      int chunkSize,
      @Nullable Consumer<? super List<R>> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(
        fn, items, Checks.chunkSize(chunkSize), ArgumentWriter::writeOne, callback, errorCallback);
  }

  /**
   * Calls a function on each item and waits for the outcomes of all calls, in the order of the
   * items. A failed call is an outcome like any other; the rest is as for {@link #map(Fn1,
   * Iterable)}. With {@code failFast}, the calls that the first failure cancels fail with {@link
   * java.util.concurrent.CancellationException}.
   *
   * @return one outcome per item; empty for no items
   * @throws IllegalArgumentException if the function cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   * @throws PoolTerminatedException if the pool is terminated first
   * @throws PoolInterruptedException if interrupted while waiting; the calls have been cancelled
   *     and the thread's interrupt flag is set
   */
  public <A extends @Nullable Object, R extends @Nullable Object> List<Outcome<R>> mapOutcomes(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return outcomes(fn, items, 0);
  }

  /**
   * Like {@link #mapOutcomes(Fn1, Iterable)}, with {@code chunkSize} calls per message, at least 1.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> List<Outcome<R>> mapOutcomes(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return outcomes(fn, items, Checks.chunkSize(chunkSize));
  }

  /** Like {@link #map(Fn1, Iterable)}, for functions of two arguments: {@code Args.of(a, b)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> starmap(
          Fn2<A, B, R> fn, Iterable<? extends Args.Two<? extends A, ? extends B>> items) {
    return this.<Args.Two<? extends A, ? extends B>, R>collect(fn, items, 0, Pool::two, null, null)
        .take();
  }

  /** Like {@link #starmap(Fn2, Iterable)}, with {@code chunkSize} calls per message, at least 1. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> starmap(
          Fn2<A, B, R> fn,
          Iterable<? extends Args.Two<? extends A, ? extends B>> items,
          int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<Args.Two<? extends A, ? extends B>, R>collect(
            fn, items, size, Pool::two, null, null)
        .take();
  }

  /** Submits the calls of {@link #starmap(Fn2, Iterable)}; does not wait. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn, Iterable<? extends Args.Two<? extends A, ? extends B>> items) {
    return collect(fn, items, 0, Pool::two, null, null);
  }

  /** Submits the calls of {@link #starmap(Fn2, Iterable, int)}; does not wait. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn,
          Iterable<? extends Args.Two<? extends A, ? extends B>> items,
          int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::two, null, null);
  }

  /**
   * Like {@link #starmapAsync(Fn2, Iterable)}, with callbacks as in {@link #applyAsync(Fn0,
   * Consumer, Consumer)}: one of them is called once, with the whole list or with the exception.
   */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn,
          Iterable<? extends Args.Two<? extends A, ? extends B>> items,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, Pool::two, callback, errorCallback);
  }

  /** Like {@link #starmapAsync(Fn2, Iterable, int)}, with callbacks. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn,
          Iterable<? extends Args.Two<? extends A, ? extends B>> items,
          int chunkSize,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::two, callback, errorCallback);
  }

  /** Like {@link #starmap(Fn2, Iterable)}, for functions of three arguments. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<? extends A, ? extends B, ? extends C>> items) {
    return this.<Args.Three<? extends A, ? extends B, ? extends C>, R>collect(
            fn, items, 0, Pool::three, null, null)
        .take();
  }

  /** Like {@link #starmap(Fn3, Iterable)}, with {@code chunkSize} calls per message, at least 1. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<? extends A, ? extends B, ? extends C>> items,
          int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<Args.Three<? extends A, ? extends B, ? extends C>, R>collect(
            fn, items, size, Pool::three, null, null)
        .take();
  }

  /** Submits the calls of {@link #starmap(Fn3, Iterable)}; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<? extends A, ? extends B, ? extends C>> items) {
    return collect(fn, items, 0, Pool::three, null, null);
  }

  /** Submits the calls of {@link #starmap(Fn3, Iterable, int)}; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<? extends A, ? extends B, ? extends C>> items,
          int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::three, null, null);
  }

  /**
   * Like {@link #starmapAsync(Fn3, Iterable)}, with callbacks as in {@link #applyAsync(Fn0,
   * Consumer, Consumer)}: one of them is called once, with the whole list or with the exception.
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<? extends A, ? extends B, ? extends C>> items,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, Pool::three, callback, errorCallback);
  }

  /** Like {@link #starmapAsync(Fn3, Iterable, int)}, with callbacks. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<? extends A, ? extends B, ? extends C>> items,
          int chunkSize,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::three, callback, errorCallback);
  }

  /** Like {@link #starmap(Fn2, Iterable)}, for functions of four arguments. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<? extends A, ? extends B, ? extends C, ? extends D>> items) {
    return this.<Args.Four<? extends A, ? extends B, ? extends C, ? extends D>, R>collect(
            fn, items, 0, Pool::four, null, null)
        .take();
  }

  /** Like {@link #starmap(Fn4, Iterable)}, with {@code chunkSize} calls per message, at least 1. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<? extends A, ? extends B, ? extends C, ? extends D>> items,
          int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<Args.Four<? extends A, ? extends B, ? extends C, ? extends D>, R>collect(
            fn, items, size, Pool::four, null, null)
        .take();
  }

  /** Submits the calls of {@link #starmap(Fn4, Iterable)}; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<? extends A, ? extends B, ? extends C, ? extends D>> items) {
    return collect(fn, items, 0, Pool::four, null, null);
  }

  /** Submits the calls of {@link #starmap(Fn4, Iterable, int)}; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<? extends A, ? extends B, ? extends C, ? extends D>> items,
          int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::four, null, null);
  }

  /**
   * Like {@link #starmapAsync(Fn4, Iterable)}, with callbacks as in {@link #applyAsync(Fn0,
   * Consumer, Consumer)}: one of them is called once, with the whole list or with the exception.
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<? extends A, ? extends B, ? extends C, ? extends D>> items,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, Pool::four, callback, errorCallback);
  }

  /** Like {@link #starmapAsync(Fn4, Iterable, int)}, with callbacks. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<? extends A, ? extends B, ? extends C, ? extends D>> items,
          int chunkSize,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::four, callback, errorCallback);
  }

  // ---- functions that return nothing

  /**
   * Runs a function in a child and waits for its end; a value that it returns is discarded there.
   *
   * @throws TaskFailedException if the call failed; the subtype tells why
   * @throws IllegalArgumentException if the function or an argument cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the call has been cancelled and
   *     the thread's interrupt flag is set
   */
  public void run(Action0 fn) {
    var unused = action(fn).take();
  }

  /** Runs a function of one argument, like {@link #run(Action0)}. */
  public <A extends @Nullable Object> void run(Action1<A> fn, A a) {
    var unused = action(fn, a).take();
  }

  /** Runs a function of two arguments, like {@link #run(Action0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object> void run(
      Action2<A, B> fn, A a, B b) {
    var unused = action(fn, a, b).take();
  }

  /** Runs a function of three arguments, like {@link #run(Action0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      void run(Action3<A, B, C> fn, A a, B b, C c) {
    var unused = action(fn, a, b, c).take();
  }

  /** Runs a function of four arguments, like {@link #run(Action0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      void run(Action4<A, B, C, D> fn, A a, B b, C c, D d) {
    var unused = action(fn, a, b, c, d).take();
  }

  /**
   * Submits a call of {@link #run(Action0)}; does not wait.
   *
   * @throws IllegalArgumentException if the function or an argument cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public AsyncResult<@Nullable Void> runAsync(Action0 fn) {
    return action(fn);
  }

  /** Submits a call of one argument, like {@link #runAsync(Action0)}. */
  public <A extends @Nullable Object> AsyncResult<@Nullable Void> runAsync(Action1<A> fn, A a) {
    return action(fn, a);
  }

  /** Submits a call of two arguments, like {@link #runAsync(Action0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object>
      AsyncResult<@Nullable Void> runAsync(Action2<A, B> fn, A a, B b) {
    return action(fn, a, b);
  }

  /** Submits a call of three arguments, like {@link #runAsync(Action0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      AsyncResult<@Nullable Void> runAsync(Action3<A, B, C> fn, A a, B b, C c) {
    return action(fn, a, b, c);
  }

  /** Submits a call of four arguments, like {@link #runAsync(Action0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      AsyncResult<@Nullable Void> runAsync(Action4<A, B, C, D> fn, A a, B b, C c, D d) {
    return action(fn, a, b, c, d);
  }

  /**
   * Runs a function on each item and waits for all calls. Failures are thrown as by {@link
   * #map(Fn1, Iterable)}; no values are transferred or kept.
   *
   * @throws TaskFailedException if a call failed; the subtype tells why
   * @throws IllegalArgumentException if the function cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the calls have been cancelled
   *     and the thread's interrupt flag is set
   */
  public <A extends @Nullable Object> void forEach(Action1<A> fn, Iterable<? extends A> items) {
    var unused = each(fn, items, 0).take();
  }

  /**
   * Like {@link #forEach(Action1, Iterable)}, with {@code chunkSize} calls per message, at least 1.
   */
  public <A extends @Nullable Object> void forEach(
      Action1<A> fn, Iterable<? extends A> items, int chunkSize) {
    var unused = each(fn, items, Checks.chunkSize(chunkSize)).take();
  }

  /** Submits the calls of {@link #forEach(Action1, Iterable)}; does not wait. */
  public <A extends @Nullable Object> AsyncResult<@Nullable Void> forEachAsync(
      Action1<A> fn, Iterable<? extends A> items) {
    return each(fn, items, 0);
  }

  /** Submits the calls of {@link #forEach(Action1, Iterable, int)}; does not wait. */
  public <A extends @Nullable Object> AsyncResult<@Nullable Void> forEachAsync(
      Action1<A> fn, Iterable<? extends A> items, int chunkSize) {
    return each(fn, items, Checks.chunkSize(chunkSize));
  }

  // ---- calls that nobody waits for

  /**
   * Hands a call over to the broker, and returns once the broker has confirmed it. Nobody waits for
   * its end, and it runs even if this program ends first. If it fails for good, it is kept with its
   * evidence in the pool's dead queue ({@code warren dead list}). With {@link
   * TaskOptions#replyTo()} its outcome is sent to that queue, with the call's id as correlation id;
   * otherwise a value that it returns is discarded.
   *
   * <p>The limit of {@link Builder#processes} does not apply to it. On {@code local:} it runs in
   * the children of this pool, {@link #close()} waits for it, and a failure is logged.
   *
   * @return the call's id
   * @throws TaskRejectedException if the broker refuses the call
   * @throws BrokerUnavailableException if the broker has not confirmed it within {@link
   *     Builder#brokerTimeout}; it may run nevertheless
   * @throws IllegalArgumentException if the function or an argument cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the call may run nevertheless
   */
  public String submit(Action0 fn) {
    return pool.handOver(options, fn);
  }

  /** Hands over a call of one argument, like {@link #submit(Action0)}. */
  public <A extends @Nullable Object> String submit(Action1<A> fn, A a) {
    return pool.handOver(options, fn, a);
  }

  /** Hands over a call of two arguments, like {@link #submit(Action0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object> String submit(
      Action2<A, B> fn, A a, B b) {
    return pool.handOver(options, fn, a, b);
  }

  /** Hands over a call of three arguments, like {@link #submit(Action0)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      String submit(Action3<A, B, C> fn, A a, B b, C c) {
    return pool.handOver(options, fn, a, b, c);
  }

  /** Hands over a call of four arguments, like {@link #submit(Action0)}. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      String submit(Action4<A, B, C, D> fn, A a, B b, C c, D d) {
    return pool.handOver(options, fn, a, b, c, d);
  }

  // ---- many calls, results consumed one by one

  /**
   * Calls a function on each item. Results are consumed one by one, in the order of the items,
   * while the input is read on a thread of the pool. Reading stays at most a window ahead of
   * consumption: {@link TaskOptions#window()}, or by default 1000 calls, more if calls are short,
   * fewer if arguments or results are large. Results that wait to be consumed use at most an eighth
   * of the heap (4 to 256 MiB) for all lazy jobs of the pool together; further results wait in a
   * temporary file.
   *
   * @throws IllegalArgumentException if the function cannot be sent
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return lazy(fn, items, 0, true);
  }

  /** Like {@link #imap(Fn1, Iterable)}, with {@code chunkSize} calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), true);
  }

  /** Like {@link #imap(Fn1, Iterable)}; the pool takes over the iterator. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterator<? extends A> items) {
    return lazy(fn, items, 0, true);
  }

  /** Like {@link #imap(Fn1, Iterator)}, with {@code chunkSize} calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterator<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), true);
  }

  /** Like {@link #imap(Fn1, Iterable)}; the pool takes over the stream and closes it after use. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Stream<? extends A> items) {
    return lazy(fn, items, 0, true);
  }

  /** Like {@link #imap(Fn1, Stream)}, with {@code chunkSize} calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Stream<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), true);
  }

  /** Like {@link #imap(Fn1, Iterable)}, with results in the order in which the calls end. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return lazy(fn, items, 0, false);
  }

  /**
   * Like {@link #imapUnordered(Fn1, Iterable)}, with {@code chunkSize} calls per message, at least
   * 1.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), false);
  }

  /** Like {@link #imapUnordered(Fn1, Iterable)}; the pool takes over the iterator. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterator<? extends A> items) {
    return lazy(fn, items, 0, false);
  }

  /**
   * Like {@link #imapUnordered(Fn1, Iterator)}, with {@code chunkSize} calls per message, at least
   * 1.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterator<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), false);
  }

  /**
   * Like {@link #imapUnordered(Fn1, Iterable)}; the pool takes over the stream and closes it after
   * use.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Stream<? extends A> items) {
    return lazy(fn, items, 0, false);
  }

  /**
   * Like {@link #imapUnordered(Fn1, Stream)}, with {@code chunkSize} calls per message, at least 1.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Stream<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), false);
  }

  // ---- by name, in JSON

  /**
   * Calls a function given by name on arguments that are JSON, and returns the outcomes as JSON, as
   * {@code warren map} does. The function need not exist in this program, and its arguments are not
   * checked here. Everything else is as for {@link #imap(Fn1, Iterator)}.
   *
   * @param function {@code com.acme.Stats::score}, or any other name that the children understand
   * @param arguments one JSON array per call, on one line; the pool takes over the iterator
   * @param ordered whether outcomes come in the order of the input, instead of as the calls end
   * @param chunkSize calls per message, at least 1; 0 lets Warren choose
   * @throws IllegalArgumentException if {@code function} is not of the form {@code a::b}, or the
   *     chunk size is negative
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public JsonOutcomes json(
      String function, Iterator<Payload> arguments, boolean ordered, int chunkSize) {
    Bounds.atLeast("chunkSize", chunkSize, 0);
    return pool.json(options, Checks.function(function), arguments, chunkSize, ordered);
  }

  // ---- the pool itself

  /**
   * Returns what Warren's other modules need of this pool; of no use to applications.
   *
   * @throws IllegalArgumentException if the pool offers nothing of this type
   */
  public <T> T unwrap(Class<T> type) {
    Object host = pool.host();
    if (type.isInstance(host)) {
      return type.cast(host);
    }
    throw new IllegalArgumentException("type is " + type.getName() + "; a pool does not offer it");
  }

  /**
   * Maximum number of concurrent calls: the configured limit, otherwise the slots of all known
   * workers, which is briefly 0 after opening with a broker.
   */
  public int processes() {
    return processes > 0 ? processes : pool.engine().workerSlots();
  }

  /** The pool's name, which is part of the names of its queues. */
  public String name() {
    return pool.name();
  }

  /** The pool's state. */
  public State state() {
    return switch (pool.engine().state()) {
      case RUNNING -> State.RUNNING;
      case SHUTDOWN -> State.SHUTDOWN;
      case TERMINATED -> State.TERMINATED;
    };
  }

  /**
   * Accepts no more calls; submitted calls continue, and then the pool's children end. Does not
   * wait. Idempotent; no effect after {@link #terminate()}.
   */
  public void shutdown() {
    pool.engine().shutdown();
  }

  /**
   * Stops now: every open result ends with {@link PoolTerminatedException}, and running calls are
   * stopped. Does not wait for that; {@link #join()} does. Idempotent.
   */
  public void terminate() {
    pool.engine().terminate();
  }

  /**
   * After {@link #shutdown()} or {@link #terminate()}: waits until all submitted work has ended,
   * all callbacks have returned, and everything is released. Inside a callback it does not wait for
   * callbacks.
   *
   * <p>An {@code imap} whose results this same thread was consuming, or that nobody has begun to
   * consume, cannot continue during this wait: its input is read until its window is full, or until
   * it yields nothing for two seconds. Results of the items read can still be consumed; then {@code
   * next} throws {@link PoolTerminatedException} if the input had more.
   *
   * @throws IllegalStateException if the pool is running
   * @throws PoolInterruptedException if interrupted; nothing is cancelled, the interrupt flag is
   *     set again
   */
  public void join() {
    join(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Like {@link #join()}, with a maximum wait.
   *
   * @return false on timeout
   * @throws IllegalStateException if the pool is running
   * @throws PoolInterruptedException if interrupted; nothing is cancelled, the interrupt flag is
   *     set again
   */
  public boolean join(Duration limit) {
    try {
      return pool.engine().join(Durations.nanos(Checks.given("limit", limit)));
    } catch (InterruptedException e) {
      throw Durations.interrupted("waiting for pool " + name() + " to end", e);
    }
  }

  /**
   * Calls {@link #shutdown()} and {@link #join()}: waits until all submitted work has ended. If
   * interrupted it terminates the pool and returns with the interrupt flag set. Idempotent.
   */
  @Override
  public void close() {
    shutdown();
    try {
      boolean always = pool.engine().join(Long.MAX_VALUE);
      assert always;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      terminate();
    }
  }

  /** Name, state, size and number of pending calls. */
  @Override
  public String toString() {
    return "Pool["
        + name()
        + ", "
        + state()
        + ", "
        + processes()
        + " processes, "
        + pool.engine().pendingCalls()
        + " calls pending]";
  }

  private <R extends @Nullable Object> CallResult<R> call(
      Serializable fn,
      @Nullable Consumer<? super R> callback,
      @Nullable Consumer<? super Throwable> errorCallback,
      @Nullable Object... args) {
    return pool.submit(
        options, pool.function(fn), CallerCallbacks.of(callback, errorCallback), args);
  }

  private CallResult<@Nullable Void> action(Serializable fn, @Nullable Object... args) {
    return pool.submit(options, pool.action(fn), null, args);
  }

  private <A extends @Nullable Object> MapResult<@Nullable Void, @Nullable Void> each(
      Action1<A> fn, Iterable<? extends A> items, int chunkSize) {
    return pool.map(
        options,
        pool.action(fn),
        items,
        chunkSize,
        ArgumentWriter::writeOne,
        size -> new CompletionCollector(),
        null);
  }

  private <A extends @Nullable Object, R extends @Nullable Object> List<Outcome<R>> outcomes(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return pool.<A, R, List<Outcome<R>>>map(
            options,
            pool.function(fn),
            items,
            chunkSize,
            ArgumentWriter::writeOne,
            OutcomeListCollector::new,
            null)
        .take();
  }

  private <T extends @Nullable Object, R extends @Nullable Object> MapResult<R, List<R>> collect(
      Serializable fn,
      Iterable<? extends T> items,
      int chunkSize,
      ArgumentLine<T> arguments,
      @Nullable Consumer<? super List<R>> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return pool.map(
        options,
        pool.function(fn),
        items,
        chunkSize,
        arguments,
        ValueListCollector::new,
        CallerCallbacks.of(callback, errorCallback));
  }

  private <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize, boolean ordered) {
    Iterator<? extends A> iterator = Checks.given("items", items).iterator();
    return pool.lazy(options, pool.function(fn), iterator, () -> {}, chunkSize, ordered);
  }

  private <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      Fn1<A, R> fn, Iterator<? extends A> items, int chunkSize, boolean ordered) {
    Checks.given("items", items);
    return pool.lazy(options, pool.function(fn), items, () -> {}, chunkSize, ordered);
  }

  private <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      Fn1<A, R> fn, Stream<? extends A> items, int chunkSize, boolean ordered) {
    Iterator<? extends A> iterator = Checks.given("items", items).iterator();
    return pool.lazy(options, pool.function(fn), iterator, items::close, chunkSize, ordered);
  }

  private static void two(ArgumentWriter writer, Args.Two<?, ?> args, LineBuffer line) {
    writer.write(line, args.a(), args.b());
  }

  private static void three(ArgumentWriter writer, Args.Three<?, ?, ?> args, LineBuffer line) {
    writer.write(line, args.a(), args.b(), args.c());
  }

  private static void four(ArgumentWriter writer, Args.Four<?, ?, ?, ?> args, LineBuffer line) {
    writer.write(line, args.a(), args.b(), args.c(), args.d());
  }

  /** The life cycle of a pool. */
  public enum State {
    /** Accepts calls. */
    RUNNING,
    /** Accepts no more calls; submitted calls continue. */
    SHUTDOWN,
    /** Stopped; all calls have ended. */
    TERMINATED
  }

  /** Collects a pool's settings; each is checked when it is set. Not thread-safe. */
  public static final class Builder {
    private BrokerUri uri = BrokerUri.parse("local:");
    private @Nullable String name;
    private int processes;
    private int maxTasksPerChild;
    private Function<Values, PoolSettings> initializer = v -> PoolSettings.DEFAULTS;
    private @Nullable Class<?> json;
    private @Nullable Values values;
    private LocalChildren children = LocalChildren.DEFAULTS;
    private List<Path> classPath = List.of();
    private TaskOptions options = TaskOptions.DEFAULTS;
    private @Nullable Executor callbackExecutor;
    private @Nullable PoolListener listener;
    private @Nullable Duration brokerTimeout;
    private Tracing tracing = NoTracing.OFF;

    private Builder() {}

    /**
     * {@code local:} (the default) or {@code amqp(s)://user:password@host:port/vhost?pool=NAME}.
     *
     * @throws IllegalArgumentException naming the problem with the URI
     */
    public Builder uri(String where) {
      uri = BrokerUri.parse(Checks.given("uri", where));
      return this;
    }

    /** The pool's name, instead of the one in the URI: 1 to 100 letters, digits, {@code -_.}. */
    public Builder name(String poolName) {
      name = Checks.given("name", poolName);
      return this;
    }

    /**
     * Maximum number of concurrent calls, 1 to 4096. For a {@code local:} pool, the number of
     * children (default: one per processor, or fewer if the memory of this host or container does
     * not allow that). With a broker, a limit across all hosts (default: the number of slots).
     */
    public Builder processes(int calls) {
      processes = Bounds.check("processes", calls, 1, 4096);
      return this;
    }

    /**
     * How long the broker may be unreachable. Open calls that have waited for it for this limit end
     * with {@link BrokerUnavailableException}, and so do calls submitted later, until it is back.
     * The pool stays open and keeps trying to reconnect. 1 s to 365 days; default: {@link
     * #BROKER_TIMEOUT}. If set, it is also how long {@link #open} waits for the broker; otherwise
     * that is 10 s. Ignored for {@code local:}.
     */
    public Builder brokerTimeout(Duration limit) {
      brokerTimeout =
          Bounds.check("brokerTimeout", limit, Duration.ofSeconds(1), Duration.ofDays(365));
      return this;
    }

    /** What makes spans of calls, such as {@code WarrenTracing}; default: nothing does. */
    public Builder tracing(Tracing spans) {
      tracing = Checks.given("tracing", spans);
      return this;
    }

    /** Number of calls after which a child is replaced, at least 1; default: never. */
    public Builder maxTasksPerChild(int calls) {
      maxTasksPerChild = Bounds.atLeast("maxTasksPerChild", calls, 1);
      return this;
    }

    /**
     * Resident bytes, of a child and all processes it has started, above which the child is
     * replaced after its call, at least 1; default: no limit. For {@code local:} only; with a
     * broker this is a setting of each worker ({@code --max-memory-per-child}). Checked twice a
     * second, on Linux. A child that exceeds the limit within seconds of its start is replaced less
     * and less often, with a warning.
     */
    public Builder maxMemoryPerChild(long bytes) {
      children = children.withMaxMemory(bytes);
      return this;
    }

    /**
     * Resident bytes, counted as for {@link #maxMemoryPerChild}, above which the child is killed
     * during its call, at most half a second later; default: no limit. The call counts as a loss of
     * its child: it runs again as far as {@link TaskOptions#childLost()} allows, then fails with
     * {@link ChildLostException}, whose evidence includes the limit. For {@code local:} only.
     */
    public Builder hardMaxMemoryPerChild(long bytes) {
      children = children.withHardMaxMemory(bytes);
      return this;
    }

    /**
     * How children are started. For {@code local:} only; with a broker this is a setting of each
     * worker. Default {@link ChildContext#jvm()}.
     */
    public Builder context(ChildContext how) {
      children = children.withContext(Checks.given("context", how));
      return this;
    }

    /**
     * A function that runs in each child before its first call, replacements included; a value that
     * it returns is ignored.
     */
    public Builder initializer(Action0 fn) {
      return initializer((Serializable) fn);
    }

    /** An initializer of one argument; see {@link #initializer(Action0)}. */
    public <A extends @Nullable Object> Builder initializer(Action1<A> fn, A a) {
      return initializer((Serializable) fn, a);
    }

    /** An initializer of two arguments; see {@link #initializer(Action0)}. */
    public <A extends @Nullable Object, B extends @Nullable Object> Builder initializer(
        Fn2<A, B, ?> fn, A a, B b) {
      return initializer((Serializable) fn, a, b);
    }

    /** An initializer of three arguments; see {@link #initializer(Action0)}. */
    public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
        Builder initializer(Action3<A, B, C> fn, A a, B b, C c) {
      return initializer((Serializable) fn, a, b, c);
    }

    /** An initializer of four arguments; see {@link #initializer(Action0)}. */
    public <
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object>
        Builder initializer(Action4<A, B, C, D> fn, A a, B b, C c, D d) {
      return initializer((Serializable) fn, a, b, c, d);
    }

    private Builder initializer(Serializable fn, @Nullable Object... args) {
      var unused = settings(fn, args, values());
      initializer = v -> settings(fn, args, v);
      return this;
    }

    private static PoolSettings settings(Serializable fn, @Nullable Object[] args, Values values) {
      ReadFunction function = FunctionReader.read("initializer", fn, values);
      Payload own =
          new ArgumentWriter(
                  1 << 20, function.ref().shortName(), values, function.parameters(), true)
              .line(args);
      return new PoolSettings(function.ref(), joined(function.captured(), own), 0);
    }

    /**
     * A class that supplies a Jackson mapper (with modules, mix-ins and the like) for arguments and
     * results, instead of Warren's own. It is sent by name, so it must be a top-level or static
     * class with a no-argument constructor, and must also be on the class path of the workers'
     * {@code --app}. Warren's strictness and checks apply in addition. Arguments and results that
     * are plain numbers, booleans or texts do not pass through the mapper. Set it before an
     * initializer that needs it. Default: none.
     *
     * @throws IllegalArgumentException if the class supplies no mapper
     */
    public Builder json(Class<? extends Supplier<JsonMapper>> supplier) {
      json = Checks.given("json", supplier);
      values = Values.of(json);
      return this;
    }

    private Values values() {
      return values == null ? Values.standard() : values;
    }

    private static Payload joined(@Nullable Payload captured, Payload own) {
      if (captured == null) {
        return own;
      }
      String front = captured.slice(0, captured.length() - 1).text();
      String rest = own.slice(1, own.length()).text();
      return Payload.of(front + (rest.equals("]") ? "" : ",") + rest);
    }

    /**
     * Additional jars and class folders for the children of a {@code local:} pool, after this
     * process's own class path. No effect with a broker, where each worker has its own.
     */
    public Builder classPath(List<Path> entries) {
      classPath = List.copyOf(new ArrayList<>(entries));
      return this;
    }

    /** Options of all calls that are not given others by {@link Pool#with}. */
    public Builder options(TaskOptions defaults) {
      options = Checks.given("options", defaults);
      return this;
    }

    /**
     * Executor of the callbacks, which still run one at a time and in order; default: the pool's
     * own thread. It should not reject tasks; if it does, the pool's own thread takes over.
     */
    public Builder callbackExecutor(Executor executor) {
      callbackExecutor = Checks.given("callbackExecutor", executor);
      return this;
    }

    /** Receives the pool's events. */
    public Builder listener(PoolListener hears) {
      listener = Checks.given("listener", hears);
      return this;
    }

    /**
     * Opens the pool. Blocks until the broker answers, not until children are ready.
     *
     * @throws IllegalArgumentException if settings contradict each other
     * @throws BrokerUnavailableException if the broker cannot be reached or refuses
     */
    public Pool open() {
      if (!uri.isLocal()) {
        children.checkNoneSet();
      }
      try {
        return new Pool(opening().open(), options, processes);
      } catch (BrokerException e) {
        throw BrokerUnavailableException.whenOpened(e);
      }
    }

    /** Opens the pool on a broker, which it then owns; for tests. */
    Pool openOn(Broker broker) {
      return new Pool(opening().openOn(broker), options, processes);
    }

    private PoolOpener opening() {
      Values travel = values();
      // applied again: the mapper may have been set after the initializer
      PoolSettings first = initializer.apply(travel);
      return new PoolOpener(
          name == null ? uri : uri.withPool(name),
          processes,
          maxTasksPerChild,
          new PoolSettings(
              first.initializer(), first.initArgs(), json == null ? null : json.getName(), 0),
          children,
          classPath,
          callbackExecutor,
          listener,
          travel,
          brokerTimeout,
          WireCodecs.create(),
          tracing);
    }
  }
}
