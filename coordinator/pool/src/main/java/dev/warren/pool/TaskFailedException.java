package dev.warren.pool;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call ended without a value; the subtype tells why. This class itself means that the function
 * threw an exception.
 *
 * <p>The cause of a function's own exception is an exception of the same class, if that class
 * exists here and can be rebuilt from its message alone, otherwise a {@link RemoteException}; both
 * have the remote stack. The message names the child, its process and host, and the attempt.
 * Immutable; each {@code get} of one result throws the same object.
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

  /** All details of the failure, as sent by the worker. */
  public RemoteFailure failure() {
    return failure;
  }

  /** The kind of failure. */
  public FailureKind kind() {
    return failure.kind();
  }

  /** Host, process and child in which it happened; empty if no child was involved. */
  public Optional<RemoteFailure.Where> where() {
    return Optional.ofNullable(failure.where());
  }

  /** Number of the last attempt, from 1. */
  public int attempt() {
    return failure.attempt();
  }

  /** The remote stack trace as text, causes included; empty if no code was involved. */
  public Optional<String> remoteStack() {
    return Optional.ofNullable(failure.stack());
  }
}
