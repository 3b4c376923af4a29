package dev.warren.pool;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.WireFormatException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Converts remote failures to exceptions. Stateless. */
final class Failures {
  private Failures() {}

  /** The index of a call that belongs to no job. */
  static final long NO_INDEX = -1;

  /** Returns the exception for the outcome line of a call that belongs to no job. */
  static Throwable of(Payload line, @Nullable ClassLoader loader) {
    return of(line, loader, NO_INDEX);
  }

  /**
   * Returns the exception for an outcome line without a value. Rebuilding it may run user code,
   * which may block; whatever that throws, an exception is returned.
   *
   * @param index position of the call in its job, or {@link #NO_INDEX}
   */
  static Throwable of(Payload line, @Nullable ClassLoader loader, long index) {
    RemoteFailure failure;
    try {
      failure = OutcomeLine.failure(line);
    } catch (WireFormatException e) {
      RemoteFailure unreadable = at(OutcomeLine.notAnOutcome(line, 1), index);
      return new ResultNotSerializableException(unreadable, e);
    }
    return of(at(failure, index), loader);
  }

  /** Adds the position of the call to its failure. */
  static RemoteFailure at(RemoteFailure failure, long index) {
    if (index == NO_INDEX) {
      return failure;
    }
    Map<String, Object> details = new HashMap<>(failure.details());
    details.put("index", index);
    return failure.withDetails(details);
  }

  /** Returns the exception for an outcome that cannot be read. */
  static Throwable unreadable(Throwable why) {
    return new ResultNotSerializableException(
        RemoteFailure.of(
            FailureKind.RESULT_NOT_SERIALIZABLE,
            "the outcome cannot be read here: " + ExceptionText.text(why),
            1),
        why);
  }

  /** Returns the exception for a call that the broker did not take. */
  static TaskFailedException notPublished(RemoteFailure failure, Throwable cause) {
    return failure.kind() == FailureKind.BROKER_UNAVAILABLE
        ? new BrokerUnavailableException(failure, cause)
        : new TaskRejectedException(failure, cause);
  }

  static Throwable of(RemoteFailure failure, @Nullable ClassLoader loader) {
    Throwable cause = cause(failure, loader);
    return switch (failure.kind()) {
      case FAILED -> new TaskFailedException(failure, cause);
      case REJECTED -> new TaskRejectedException(failure, cause);
      case RESULT_NOT_SERIALIZABLE -> new ResultNotSerializableException(failure, cause);
      case TIME_LIMIT -> new TimeLimitExceededException(failure, cause);
      case CHILD_LOST -> new ChildLostException(failure, cause);
      case HOST_LOST -> new HostLostException(failure, cause);
      case EXPIRED -> new TaskExpiredException(failure, cause);
      case INITIALIZER_FAILED -> new InitializerFailedException(failure, cause);
      case POOL_TERMINATED -> new PoolTerminatedException(failure, cause);
      case BROKER_UNAVAILABLE -> new BrokerUnavailableException(failure, cause);
      case CANCELLED -> new CancellationException(String.valueOf(failure.message()));
    };
  }

  private static @Nullable Throwable cause(RemoteFailure failure, @Nullable ClassLoader loader) {
    return new RemoteCauses(loader).of(failure, ownMessage(failure));
  }

  /** The exception's own message; the failure's message may be Warren's, with additions. */
  private static @Nullable String ownMessage(RemoteFailure failure) {
    if (failure.kind() == FailureKind.FAILED) {
      return failure.message();
    }
    return failure.details().get("exceptionMessage") instanceof String own ? own : null;
  }
}
