package dev.warren.pool;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call ended without a value; the subtype says how. This class itself stands for a function that
 * threw.
 *
 * <p>The cause of a function's own exception is an exception of the same class, where that class
 * exists here and can be rebuilt from its message alone, else a {@link RemoteException}; both carry
 * the remote stack. The message names the child, its process and host, and the attempt. Immutable;
 * each {@code get} of one result gives the same object.
 */
public sealed class TaskFailedException extends RuntimeException
    permits BrokerUnavailableException,
        ChildLostException,
        HostLostException,
        InitializerFailedException,
        PoolTerminatedException,
        ResultNotSerializableException,
        TaskExpiredException,
        TaskRejectedException,
        TimeLimitExceededException {
  private static final long serialVersionUID = 1L;

  private final transient RemoteFailure failure;

  TaskFailedException(RemoteFailure failure, @Nullable Throwable cause) {
    super(text(failure), cause);
    this.failure = failure;
  }

  private static String text(RemoteFailure failure) {
    StringBuilder text = new StringBuilder();
    if (failure.kind() == FailureKind.FAILED) {
      text.append(failure.type());
      text.append(failure.message() == null ? "" : ": ");
    }
    text.append(failure.message() == null ? "" : failure.message());
    if (failure.where() != null) {
      text.append(" [in ").append(failure.where());
      text.append(", attempt ").append(failure.attempt()).append(']');
    }
    return text.toString();
  }

  /** All that is known of the failure, as it came from the worker. */
  public RemoteFailure failure() {
    return failure;
  }

  /** How the call ended. */
  public FailureKind kind() {
    return failure.kind();
  }

  /** Host, process and child in which it happened; empty where no child was involved. */
  public Optional<RemoteFailure.Where> where() {
    return Optional.ofNullable(failure.where());
  }

  /** Number of the attempt that ended the call, from 1. */
  public int attempt() {
    return failure.attempt();
  }

  /** The remote stack trace as text, causes included; empty where no code was involved. */
  public Optional<String> remoteStack() {
    return Optional.ofNullable(failure.stack());
  }
}
