package dev.warren.pool;

import dev.warren.lifecycle.Logs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The callbacks and futures that wait for a result. Guarded by that result until it has ended. */
final class CallerCallbacks<R extends @Nullable Object> {
  private static final Logger log = Logs.of(CallerCallbacks.class);

  private final @Nullable Consumer<? super R> callback;
  private final @Nullable Consumer<? super Throwable> errorCallback;
  private final List<ResultFuture.View<R>> views = new ArrayList<>(1);

  CallerCallbacks(
      @Nullable Consumer<? super R> callback, @Nullable Consumer<? super Throwable> errorCallback) {
    this.callback = callback;
    this.errorCallback = errorCallback;
  }

  /** Returns handlers for these callbacks; null if both are null. */
  static <R extends @Nullable Object> @Nullable CallerCallbacks<R> of(
      @Nullable Consumer<? super R> callback, @Nullable Consumer<? super Throwable> errorCallback) {
    return callback == null && errorCallback == null
        ? null
        : new CallerCallbacks<>(callback, errorCallback);
  }

  boolean hasCallbacks() {
    return callback != null || errorCallback != null;
  }

  void add(ResultFuture.View<R> view) {
    views.add(view);
  }

  /** Calls the matching callback, if there is one. */
  void call(DecodedOutcome<R> ended) {
    Throwable failure = ended.failure();
    if (failure == null && callback != null) {
      callback.accept(ended.value());
    } else if (failure != null && errorCallback != null) {
      errorCallback.accept(failure);
    }
  }

  /** Completes the futures created from the result. */
  void complete(DecodedOutcome<R> ended) {
    for (ResultFuture.View<R> view : views) {
      try {
        view.end(ended);
      } catch (Throwable e) {
        log.error("a dependent stage of a result failed", e);
      }
    }
  }
}
