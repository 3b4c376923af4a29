package dev.warren.pool;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.json.Values;
import dev.warren.pool.engine.ArgumentLine;
import dev.warren.pool.engine.ArgumentWriter;
import dev.warren.pool.engine.FunctionReader;
import dev.warren.pool.engine.ReadFunction;
import dev.warren.task.Bounds;
import dev.warren.task.ChildContext;
import dev.warren.task.Fn0;
import dev.warren.task.Fn1;
import dev.warren.task.Fn2;
import dev.warren.task.Fn3;
import dev.warren.task.Fn4;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.LineBuffer;
import dev.warren.wire.PoolSettings;
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
 * A pool of child processes, on this machine or on every host that has joined it, that runs
 * functions by name and sees to it that every call ends: with a value or with a typed failure.
 *
 * <pre>{@code
 * try (Pool pool = Pool.open("amqp://guest:guest@localhost/?pool=stats")) {
 *   List<Double> scores = pool.map(Stats::score, items);
 * }
 * }</pre>
 *
 * <p>Thread-safe; every method is legal inside callbacks. Life: open, then {@link #shutdown()} or
 * {@link #terminate()}, then {@link #join()}; or just {@link #close()}, which waits for what was
 * submitted. A pool belongs to the process that opened it. One that is dropped unclosed is
 * terminated, with a warning that tells where it was opened.
 *
 * <p>A call may open a pool, too. One that opens the pool it runs in, and waits for calls of it,
 * keeps its slot while it waits: once such calls have taken all slots, none goes on. The first that
 * waits without a timeout is therefore told of in the log; wait with one, have the caller submit
 * what comes next, or use a pool with workers of its own.
 *
 * <p>Functions are written as method references or lambdas; see {@link Fn1} for how they travel.
 * This class is long because it is the list of all calls, for each number of arguments; what they
 * do is in {@code pool.engine}.
 */
public final class Pool implements AutoCloseable {
  /** Default of {@link Builder#brokerTimeout}. */
  public static final Duration BROKER_TIMEOUT = Duration.ofMinutes(10);

  /** Time between the interrupt of a cancelled running call and the end of its child. */
  public static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

  private final OpenPool pool;
  private final TaskOptions options;
  private final int processes;

  private Pool(OpenPool pool, TaskOptions options, int processes) {
    this.pool = pool;
    this.options = options;
    this.processes = processes;
  }

  /**
   * Opens {@code local:}, with one child per available processor.
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
   * @throws IllegalArgumentException naming what is wrong with the URI
   * @throws BrokerException if the broker cannot be reached or refuses
   */
  public static Pool open(String uri) {
    return builder().uri(uri).open();
  }

  /** A builder with all settings at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A view of this same pool whose calls carry these options; closing it closes the pool. */
  public Pool with(TaskOptions newOptions) {
    return new Pool(pool, Checks.given("options", newOptions), processes);
  }

  // ---- single calls

  /**
   * Calls a function and waits for its value.
   *
   * @throws TaskFailedException if the call ended without a value; the subtype says how
   * @throws IllegalArgumentException if the function or an argument cannot travel
   * @throws IllegalStateException if the pool takes no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the call has been cancelled and
   *     the thread's interrupt flag is set
   */
  public <R extends @Nullable Object> R apply(Fn0<R> fn) {
    return this.<R>submit(fn, null, null).take();
  }

  /** Calls a function of one argument and waits for its value, as {@link #apply(Fn0)} does. */
  public <A extends @Nullable Object, R extends @Nullable Object> R apply(Fn1<A, R> fn, A a) {
    return this.<R>submit(fn, null, null, a).take();
  }

  /** Calls a function of two arguments and waits for its value, as {@link #apply(Fn0)} does. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      R apply(Fn2<A, B, R> fn, A a, B b) {
    return this.<R>submit(fn, null, null, a, b).take();
  }

  /** Calls a function of three arguments and waits for its value, as {@link #apply(Fn0)} does. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      R apply(Fn3<A, B, C, R> fn, A a, B b, C c) {
    return this.<R>submit(fn, null, null, a, b, c).take();
  }

  /** Calls a function of four arguments and waits for its value, as {@link #apply(Fn0)} does. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      R apply(Fn4<A, B, C, D, R> fn, A a, B b, C c, D d) {
    return this.<R>submit(fn, null, null, a, b, c, d).take();
  }

  /**
   * Submits a call; does not wait.
   *
   * @throws IllegalArgumentException if the function or an argument cannot travel
   * @throws IllegalStateException if the pool takes no more calls
   */
  public <R extends @Nullable Object> AsyncResult<R> applyAsync(Fn0<R> fn) {
    return submit(fn, null, null);
  }

  /**
   * Submits a call; one of the callbacks is called once when it has ended, on the pool's callback
   * thread, and the result counts as ready when that has returned.
   *
   * @param callback gets the value; null for none
   * @param errorCallback gets the exception that {@code apply} would have thrown; null for none
   * @throws IllegalArgumentException if the function or an argument cannot travel
   * @throws IllegalStateException if the pool takes no more calls
   */
  public <R extends @Nullable Object> AsyncResult<R> applyAsync(
      Fn0<R> fn,
      @Nullable Consumer<? super R> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return submit(fn, callback, errorCallback);
  }

  /** Submits a call of one argument, as {@link #applyAsync(Fn0)} does. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      Fn1<A, R> fn, A a) {
    return submit(fn, null, null, a);
  }

  /**
   * Submits a call of one argument with callbacks, as {@link #applyAsync(Fn0, Consumer, Consumer)}
   * does.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      Fn1<A, R> fn,
      A a,
      @Nullable Consumer<? super R> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return submit(fn, callback, errorCallback, a);
  }

  /** Submits a call of two arguments, as {@link #applyAsync(Fn0)} does. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<R> applyAsync(Fn2<A, B, R> fn, A a, B b) {
    return submit(fn, null, null, a, b);
  }

  /**
   * Submits a call of two arguments with callbacks, as {@link #applyAsync(Fn0, Consumer, Consumer)}
   * does.
   */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Fn2<A, B, R> fn,
          A a,
          B b,
          @Nullable Consumer<? super R> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return submit(fn, callback, errorCallback, a, b);
  }

  /** Submits a call of three arguments, as {@link #applyAsync(Fn0)} does. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(Fn3<A, B, C, R> fn, A a, B b, C c) {
    return submit(fn, null, null, a, b, c);
  }

  /**
   * Submits a call of three arguments with callbacks, as {@link #applyAsync(Fn0, Consumer,
   * Consumer)} does.
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
    return submit(fn, callback, errorCallback, a, b, c);
  }

  /** Submits a call of four arguments, as {@link #applyAsync(Fn0)} does. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(Fn4<A, B, C, D, R> fn, A a, B b, C c, D d) {
    return submit(fn, null, null, a, b, c, d);
  }

  /**
   * Submits a call of four arguments with callbacks, as {@link #applyAsync(Fn0, Consumer,
   * Consumer)} does.
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
    return submit(fn, callback, errorCallback, a, b, c, d);
  }

  // ---- many calls, collected

  /**
   * Calls a function on each item and waits for all values, in the order of the items.
   *
   * <p>Each call has its own outcome. If some failed, all others are still waited for, unless
   * {@code failFast} is set; then the failure with the lowest index is thrown, up to ten others
   * with it as suppressed ones. A collection is read in this call, as it is now; any other source
   * is read on a thread of the pool while calls are under way, and if it throws, so does this,
   * without waiting for the rest. How many calls share a message follows measured call time.
   *
   * @return one value per item; empty for no items
   * @throws TaskFailedException if a call ended without a value; the subtype says how
   * @throws IllegalArgumentException if the function cannot travel
   * @throws IllegalStateException if the pool takes no more calls
   * @throws PoolInterruptedException if interrupted while waiting; the calls have been cancelled
   *     and the thread's interrupt flag is set
   */
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return this.<A, R>collect(fn, items, 0, ArgumentWriter::writeOne, null, null).take();
  }

  /** As {@link #map(Fn1, Iterable)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<A, R>collect(fn, items, size, ArgumentWriter::writeOne, null, null).take();
  }

  /** Submits what {@link #map(Fn1, Iterable)} waits for; does not wait. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return collect(fn, items, 0, ArgumentWriter::writeOne, null, null);
  }

  /** Submits what {@link #map(Fn1, Iterable, int)} waits for; does not wait. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), ArgumentWriter::writeOne, null, null);
  }

  /**
   * As {@link #mapAsync(Fn1, Iterable)}, with callbacks as in {@link #applyAsync(Fn0, Consumer,
   * Consumer)}: one of them is called once, with the whole list or the one exception.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn,
      Iterable<? extends A> items,
      @Nullable Consumer<? super List<R>> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, ArgumentWriter::writeOne, callback, errorCallback);
  }

  /** As {@link #mapAsync(Fn1, Iterable, int)}, with callbacks. */
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      Fn1<A, R> fn,
      Iterable<? extends A> items,
      int chunkSize,
      @Nullable Consumer<? super List<R>> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(
        fn, items, Checks.chunkSize(chunkSize), ArgumentWriter::writeOne, callback, errorCallback);
  }

  /** As {@link #map(Fn1, Iterable)}, for functions of two arguments: {@code Args.of(a, b)}. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> starmap(Fn2<A, B, R> fn, Iterable<? extends Args.Two<A, B>> items) {
    return this.<Args.Two<A, B>, R>collect(fn, items, 0, Pool::two, null, null).take();
  }

  /** As {@link #starmap(Fn2, Iterable)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> starmap(Fn2<A, B, R> fn, Iterable<? extends Args.Two<A, B>> items, int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<Args.Two<A, B>, R>collect(fn, items, size, Pool::two, null, null).take();
  }

  /** Submits what {@link #starmap(Fn2, Iterable)} waits for; does not wait. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(Fn2<A, B, R> fn, Iterable<? extends Args.Two<A, B>> items) {
    return collect(fn, items, 0, Pool::two, null, null);
  }

  /** Submits what {@link #starmap(Fn2, Iterable, int)} waits for; does not wait. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn, Iterable<? extends Args.Two<A, B>> items, int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::two, null, null);
  }

  /**
   * As {@link #starmapAsync(Fn2, Iterable)}, with callbacks as in {@link #applyAsync(Fn0, Consumer,
   * Consumer)}: one of them is called once, with the whole list or the one exception.
   */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn,
          Iterable<? extends Args.Two<A, B>> items,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, Pool::two, callback, errorCallback);
  }

  /** As {@link #starmapAsync(Fn2, Iterable, int)}, with callbacks. */
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn2<A, B, R> fn,
          Iterable<? extends Args.Two<A, B>> items,
          int chunkSize,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::two, callback, errorCallback);
  }

  /** As {@link #starmap(Fn2, Iterable)}, for functions of three arguments. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(Fn3<A, B, C, R> fn, Iterable<? extends Args.Three<A, B, C>> items) {
    return this.<Args.Three<A, B, C>, R>collect(fn, items, 0, Pool::three, null, null).take();
  }

  /** As {@link #starmap(Fn3, Iterable)}, with so many calls per message, at least 1. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Fn3<A, B, C, R> fn, Iterable<? extends Args.Three<A, B, C>> items, int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<Args.Three<A, B, C>, R>collect(fn, items, size, Pool::three, null, null).take();
  }

  /** Submits what {@link #starmap(Fn3, Iterable)} waits for; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn, Iterable<? extends Args.Three<A, B, C>> items) {
    return collect(fn, items, 0, Pool::three, null, null);
  }

  /** Submits what {@link #starmap(Fn3, Iterable, int)} waits for; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn, Iterable<? extends Args.Three<A, B, C>> items, int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::three, null, null);
  }

  /**
   * As {@link #starmapAsync(Fn3, Iterable)}, with callbacks as in {@link #applyAsync(Fn0, Consumer,
   * Consumer)}: one of them is called once, with the whole list or the one exception.
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<A, B, C>> items,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, Pool::three, callback, errorCallback);
  }

  /** As {@link #starmapAsync(Fn3, Iterable, int)}, with callbacks. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn3<A, B, C, R> fn,
          Iterable<? extends Args.Three<A, B, C>> items,
          int chunkSize,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::three, callback, errorCallback);
  }

  /** As {@link #starmap(Fn2, Iterable)}, for functions of four arguments. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(Fn4<A, B, C, D, R> fn, Iterable<? extends Args.Four<A, B, C, D>> items) {
    return this.<Args.Four<A, B, C, D>, R>collect(fn, items, 0, Pool::four, null, null).take();
  }

  /** As {@link #starmap(Fn4, Iterable)}, with so many calls per message, at least 1. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Fn4<A, B, C, D, R> fn, Iterable<? extends Args.Four<A, B, C, D>> items, int chunkSize) {
    int size = Checks.chunkSize(chunkSize);
    return this.<Args.Four<A, B, C, D>, R>collect(fn, items, size, Pool::four, null, null).take();
  }

  /** Submits what {@link #starmap(Fn4, Iterable)} waits for; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn, Iterable<? extends Args.Four<A, B, C, D>> items) {
    return collect(fn, items, 0, Pool::four, null, null);
  }

  /** Submits what {@link #starmap(Fn4, Iterable, int)} waits for; does not wait. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn, Iterable<? extends Args.Four<A, B, C, D>> items, int chunkSize) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::four, null, null);
  }

  /**
   * As {@link #starmapAsync(Fn4, Iterable)}, with callbacks as in {@link #applyAsync(Fn0, Consumer,
   * Consumer)}: one of them is called once, with the whole list or the one exception.
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<A, B, C, D>> items,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, 0, Pool::four, callback, errorCallback);
  }

  /** As {@link #starmapAsync(Fn4, Iterable, int)}, with callbacks. */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> starmapAsync(
          Fn4<A, B, C, D, R> fn,
          Iterable<? extends Args.Four<A, B, C, D>> items,
          int chunkSize,
          @Nullable Consumer<? super List<R>> callback,
          @Nullable Consumer<? super Throwable> errorCallback) {
    return collect(fn, items, Checks.chunkSize(chunkSize), Pool::four, callback, errorCallback);
  }

  // ---- many calls, taken one by one

  /**
   * Calls a function on each item; results are taken one by one, in the order of the items, while
   * the input is read on a thread of the pool, never further ahead of what was taken than a window:
   * {@link TaskOptions#window()}, or by Warren's choice 1000 calls, more where they are short,
   * fewer where arguments or results are large. Results that wait to be taken fill at most an
   * eighth of the heap, for all lazy calls of the pool together (4 to 256 MiB); what is more waits
   * in a temporary file.
   *
   * @throws IllegalArgumentException if the function cannot travel
   * @throws IllegalStateException if the pool takes no more calls
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return lazy(fn, items, 0, true);
  }

  /** As {@link #imap(Fn1, Iterable)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), true);
  }

  /** As {@link #imap(Fn1, Iterable)}; the iterator is the pool's from now on. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterator<? extends A> items) {
    return lazy(fn, items, 0, true);
  }

  /** As {@link #imap(Fn1, Iterator)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Iterator<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), true);
  }

  /** As {@link #imap(Fn1, Iterable)}; the stream is the pool's, and is closed after use. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Stream<? extends A> items) {
    return lazy(fn, items, 0, true);
  }

  /** As {@link #imap(Fn1, Stream)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Fn1<A, R> fn, Stream<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), true);
  }

  /** As {@link #imap(Fn1, Iterable)}, with results in the order in which the calls end. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterable<? extends A> items) {
    return lazy(fn, items, 0, false);
  }

  /** As {@link #imapUnordered(Fn1, Iterable)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), false);
  }

  /** As {@link #imapUnordered(Fn1, Iterable)}; the iterator is the pool's from now on. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterator<? extends A> items) {
    return lazy(fn, items, 0, false);
  }

  /** As {@link #imapUnordered(Fn1, Iterator)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Iterator<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), false);
  }

  /**
   * As {@link #imapUnordered(Fn1, Iterable)}; the stream is the pool's, and is closed after use.
   */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Stream<? extends A> items) {
    return lazy(fn, items, 0, false);
  }

  /** As {@link #imapUnordered(Fn1, Stream)}, with so many calls per message, at least 1. */
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Fn1<A, R> fn, Stream<? extends A> items, int chunkSize) {
    return lazy(fn, items, Checks.chunkSize(chunkSize), false);
  }

  // ---- by name

  /**
   * Calls a function by name with arguments that are JSON already, lazily: no more than a window of
   * the input is read ahead of what was taken. For the command line and for bridges.
   *
   * @param function what to call; without a descriptor its name and the number of arguments decide
   * @param arguments one JSON array per call, on one line; read on a thread of the pool
   * @param ordered whether outcomes come in the order of the input, or as the calls end
   * @param chunkSize calls per message; 0 lets it follow measured call time
   * @throws IllegalStateException if the pool takes no more calls
   */
  public JsonOutcomes json(
      FunctionRef function, Iterator<Payload> arguments, boolean ordered, int chunkSize) {
    Bounds.atLeast("chunkSize", chunkSize, 0);
    return pool.json(options, function, arguments, chunkSize, ordered);
  }

  // ---- the pool itself

  /**
   * Most calls of this pool that run at once: what was set, else the slots of all workers heard of,
   * which is 0 for a moment after opening over a broker.
   */
  public int processes() {
    return processes > 0 ? processes : pool.engine().workerSlots();
  }

  /** The pool's name: of its queues, over a broker. */
  public String name() {
    return pool.name();
  }

  /** What the pool is doing. */
  public State state() {
    return switch (pool.engine().state()) {
      case RUNNING -> State.RUNNING;
      case SHUTDOWN -> State.SHUTDOWN;
      case TERMINATED -> State.TERMINATED;
    };
  }

  /**
   * Takes no more calls; those submitted go on, and then the pool's children end. Does not wait.
   * Idempotent; of no effect after {@link #terminate()}.
   */
  public void shutdown() {
    pool.engine().shutdown();
  }

  /**
   * Stops now: every result that has not ended ends with {@link PoolTerminatedException}, and what
   * runs is stopped. Does not wait for that; {@link #join()} does. Idempotent.
   */
  public void terminate() {
    pool.engine().terminate();
  }

  /**
   * After {@link #shutdown()} or {@link #terminate()}: waits until all submitted work has ended,
   * all callbacks have returned, and everything is released. Inside a callback it does not wait for
   * callbacks.
   *
   * <p>An {@code imap} whose results this very thread was taking, or that nobody has begun to take,
   * cannot go on while this waits: its input is read until its window is full, or until it gives
   * nothing for two seconds, and no further; what was read can still be taken, and then {@code
   * next} throws {@link PoolTerminatedException} if there was more.
   *
   * @throws IllegalStateException if the pool is running
   * @throws PoolInterruptedException if interrupted; nothing is cancelled, the flag is set again
   */
  public void join() {
    join(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * As {@link #join()}, waiting no longer than that.
   *
   * @return whether all has ended and is released
   * @throws IllegalStateException if the pool is running
   * @throws PoolInterruptedException if interrupted; nothing is cancelled, the flag is set again
   */
  public boolean join(Duration limit) {
    try {
      return pool.engine().join(Durations.nanos(Checks.given("limit", limit)));
    } catch (InterruptedException e) {
      throw Durations.interrupted("waiting for pool " + name() + " to end", e);
    }
  }

  /**
   * {@link #shutdown()}, and {@link #join()}: waits until all submitted work has ended. If
   * interrupted it terminates the pool and returns, with the thread's interrupt flag set.
   * Idempotent.
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

  /** Name, state, size and pending calls. */
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

  private <R extends @Nullable Object> PendingResult<R> submit(
      Serializable fn,
      @Nullable Consumer<? super R> callback,
      @Nullable Consumer<? super Throwable> errorCallback,
      @Nullable Object... args) {
    return pool.submit(options, fn, Handlers.of(callback, errorCallback), args);
  }

  private <T extends @Nullable Object, R extends @Nullable Object> PendingResult<List<R>> collect(
      Serializable fn,
      Iterable<? extends T> items,
      int chunkSize,
      ArgumentLine<T> arguments,
      @Nullable Consumer<? super List<R>> callback,
      @Nullable Consumer<? super Throwable> errorCallback) {
    return pool.map(options, fn, items, chunkSize, arguments, Handlers.of(callback, errorCallback));
  }

  private <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      Fn1<A, R> fn, Iterable<? extends A> items, int chunkSize, boolean ordered) {
    Iterator<? extends A> iterator = Checks.given("items", items).iterator();
    return pool.lazy(options, fn, iterator, () -> {}, chunkSize, ordered);
  }

  private <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      Fn1<A, R> fn, Iterator<? extends A> items, int chunkSize, boolean ordered) {
    Checks.given("items", items);
    return pool.lazy(options, fn, items, () -> {}, chunkSize, ordered);
  }

  private <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> lazy(
      Fn1<A, R> fn, Stream<? extends A> items, int chunkSize, boolean ordered) {
    Iterator<? extends A> iterator = Checks.given("items", items).iterator();
    return pool.lazy(options, fn, iterator, items::close, chunkSize, ordered);
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

  /** What a pool is doing. */
  public enum State {
    /** Takes calls. */
    RUNNING,
    /** Takes no more calls; what was submitted goes on. */
    SHUTDOWN,
    /** Stopped; nothing goes on. */
    TERMINATED
  }

  /** Collects a pool's settings; each is checked when it is given. Not thread-safe. */
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

    private Builder() {}

    /**
     * {@code local:} (the default) or {@code amqp(s)://user:password@host:port/vhost?pool=NAME}.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public Builder uri(String where) {
      uri = BrokerUri.parse(Checks.given("uri", where));
      return this;
    }

    /** The pool's name, in place of the one in the URI: 1 to 100 letters, digits, {@code -_.}. */
    public Builder name(String poolName) {
      name = Checks.given("name", poolName);
      return this;
    }

    /**
     * Most calls that run at once, 1 to 4096: the number of children of a {@code local:} pool
     * (default: one per processor, or as many as the memory of this host or container has room
     * for); over a broker a bound across all hosts (default: as many as there are slots).
     */
    public Builder processes(int calls) {
      processes = Bounds.check("processes", calls, 1, 4096);
      return this;
    }

    /**
     * How long the broker may be unreachable: open calls that have waited for it that long end with
     * {@link BrokerUnavailableException}, and so do calls submitted after that until it is back.
     * The pool stays open and goes on trying to reconnect. 1 s to 365 days; default: {@link
     * #BROKER_TIMEOUT}. If it is set, {@link #open} waits that long for the broker, too; otherwise
     * 10 s. Without meaning for {@code local:}.
     */
    public Builder brokerTimeout(Duration limit) {
      brokerTimeout =
          Bounds.check("brokerTimeout", limit, Duration.ofSeconds(1), Duration.ofDays(365));
      return this;
    }

    /** Calls after which a child is replaced, at least 1; default: never. */
    public Builder maxTasksPerChild(int calls) {
      maxTasksPerChild = Bounds.atLeast("maxTasksPerChild", calls, 1);
      return this;
    }

    /**
     * Resident bytes, of a child and all it has started, above which the child is replaced when its
     * call has ended, at least 1; default: no bound. For {@code local:} only, because over a broker
     * that is each worker's own setting ({@code --max-memory-per-child}). Looked at twice a second,
     * on Linux; a child that outgrows it within seconds of its start is replaced ever more rarely,
     * with a warning.
     */
    public Builder maxMemoryPerChild(long bytes) {
      children = children.withMaxMemory(bytes);
      return this;
    }

    /**
     * Resident bytes, counted as for {@link #maxMemoryPerChild}, above which the child is killed in
     * the middle of its call, at the latest half a second after; default: no bound. The call is
     * charged with the loss of its child: it runs again while {@link TaskOptions#childLost()}
     * allows, then fails with {@link ChildLostException}, whose evidence tells the limit. For
     * {@code local:} only, as there.
     */
    public Builder hardMaxMemoryPerChild(long bytes) {
      children = children.withHardMaxMemory(bytes);
      return this;
    }

    /**
     * How children are started; for {@code local:} only, because over a broker that is each
     * worker's own setting. Default {@link ChildContext#jvm()}.
     */
    public Builder context(ChildContext how) {
      children = children.withContext(Checks.given("context", how));
      return this;
    }

    /** Run once in each child before its first call, and again in each replacement. */
    public Builder initializer(Fn0<?> fn) {
      return initializer((Serializable) fn);
    }

    /** An initializer of one argument; see {@link #initializer(Fn0)}. */
    public <A extends @Nullable Object> Builder initializer(Fn1<A, ?> fn, A a) {
      return initializer((Serializable) fn, a);
    }

    /** An initializer of two arguments; see {@link #initializer(Fn0)}. */
    public <A extends @Nullable Object, B extends @Nullable Object> Builder initializer(
        Fn2<A, B, ?> fn, A a, B b) {
      return initializer((Serializable) fn, a, b);
    }

    /** An initializer of three arguments; see {@link #initializer(Fn0)}. */
    public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
        Builder initializer(Fn3<A, B, C, ?> fn, A a, B b, C c) {
      return initializer((Serializable) fn, a, b, c);
    }

    /** An initializer of four arguments; see {@link #initializer(Fn0)}. */
    public <
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object>
        Builder initializer(Fn4<A, B, C, D, ?> fn, A a, B b, C c, D d) {
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
     * How arguments and results are made JSON and read again, in place of Warren's own way: a class
     * that gives a Jackson mapper with modules, mix-ins and the like. It travels by name, so it
     * must be a top-level or static class with a constructor without parameters, on the class path
     * of the workers' {@code --app}, too. Warren's strictness and checks apply on top of it, and
     * plain numbers, truth values and texts that are arguments or results themselves do not go
     * through it. To be given before an initializer that needs it. Default: none.
     *
     * @throws IllegalArgumentException where the class gives no mapper
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
     * Further jars and class folders for the children of a {@code local:} pool, behind this
     * process's own class path; of no effect over a broker, where each worker has its own.
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
     * Where callbacks run, still one at a time and in order; default: a thread of the pool's own.
     * It must run what it is given.
     */
    public Builder callbackExecutor(Executor executor) {
      callbackExecutor = Checks.given("callbackExecutor", executor);
      return this;
    }

    /** Hears what happens around the pool. */
    public Builder listener(PoolListener hears) {
      listener = Checks.given("listener", hears);
      return this;
    }

    /**
     * Opens the pool; waits for the broker to answer, not for children to be ready.
     *
     * @throws IllegalArgumentException if settings contradict each other
     * @throws BrokerException if the broker cannot be reached or refuses
     */
    public Pool open() {
      if (!uri.isLocal()) {
        children.checkNoneSet();
      }
      return new Pool(opening().open(), options, processes);
    }

    /** Opens on a broker that becomes the pool's; for tests. */
    Pool openOn(Broker broker) {
      return new Pool(opening().openOn(broker), options, processes);
    }

    private Opening opening() {
      Values travel = values();
      // again: the mapper may have been given after the initializer
      PoolSettings first = initializer.apply(travel);
      return new Opening(
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
          brokerTimeout);
    }
  }
}
