package dev.warren.pool;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A call ended without a value; the subtype tells why. This class itself means that the function
 * threw an exception.
 *
 * <p>The cause of a function's own exception is an exception of the same class, if that class
 * exists here and can be rebuilt from its message alone, otherwise a {@link RemoteException}; both
 * have the remote stack, and their own causes likewise. The message names the call's index in its
 * job, the child, its process and host, the attempt and, for a lost child, its last words. The
 * stack trace of this exception itself is that of the caller: the line that waited for the call, or
 * that submitted its job. Each {@code get} of one result throws the same object.
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

  private static final String INDEX = "index";

  /** Maximum characters of a child's last words in the message. */
  private static final int LAST_WORDS = 300;

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
    appendLastWords(failure, text);
    StringJoiner where = new StringJoiner(", ", " [", "]").setEmptyValue("");
    if (failure.details().get(INDEX) instanceof Number index) {
      where.add("call " + index);
    }
    if (failure.where() != null) {
      where.add("in " + failure.where());
      where.add("attempt " + failure.attempt());
    }
    return text.append(where).toString();
  }

  /** The last line that a lost child wrote to stderr. */
  private static void appendLastWords(RemoteFailure failure, StringBuilder text) {
    if (failure.kind() == FailureKind.CHILD_LOST
        && failure.details().get("stderr") instanceof List<?> lines) {
      for (int i = lines.size() - 1; i >= 0; i--) {
        String line = String.valueOf(lines.get(i)).strip();
        if (!line.isEmpty()) {
          text.append("; its last words: ");
          text.append(line, 0, Math.min(line.length(), LAST_WORDS));
          text.append(line.length() > LAST_WORDS ? "…" : "");
          return;
        }
      }
    }
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

  /**
   * Position of the call's item in its {@code map}, {@code forEach} or {@code imap}, from 0; empty
   * for a single call.
   */
  public OptionalLong index() {
    return failure.details().get(INDEX) instanceof Number index
        ? OptionalLong.of(index.longValue())
        : OptionalLong.empty();
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
