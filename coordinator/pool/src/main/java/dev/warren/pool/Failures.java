package dev.warren.pool;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.WireFormatException;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts remote failures to exceptions. Stateless. */
final class Failures {
  private static final Pattern FRAME =
      Pattern.compile("\\s*at (?:[^/(]+/)?([^(]+)\\.([^.(]+)\\(([^:)]*)(?::(\\d+))?\\)\\s*");

  private Failures() {}

  /**
   * Returns the exception for an outcome line without a value. Rebuilding it may run user code,
   * which may block; whatever that throws, an exception is returned.
   */
  static Throwable of(Payload line, @Nullable ClassLoader loader) {
    RemoteFailure failure;
    try {
      failure = OutcomeLine.failure(line);
    } catch (WireFormatException e) {
      return new ResultNotSerializableException(OutcomeLine.notAnOutcome(line, 1), e);
    }
    return of(failure, loader);
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
    if (failure.stack() == null && failure.types().isEmpty()) {
      return null;
    }
    RemoteException remote = new RemoteException(failure);
    try {
      Class<? extends Throwable> type = type(failure, loader);
      if (type == null) {
        return remote;
      }
      // the JDK's own exceptions cannot block
      Throwable rebuilt =
          type.getClassLoader() == null
              ? rebuilt(type, failure, remote)
              : Rebuilding.of(type, () -> rebuilt(type, failure, remote));
      return rebuilt == null ? remote : rebuilt;
    } catch (Throwable e) {
      // the exception's own constructor or methods may throw anything
      return remote;
    }
  }

  /** Adds the remote stack to the rebuilt exception. */
  private static Throwable dressed(
      Throwable rebuilt, RemoteFailure failure, RemoteException remote) {
    rebuilt.setStackTrace(frames(failure.stack()));
    if (rebuilt.getCause() == null && takesCause(rebuilt, remote)) {
      return rebuilt;
    }
    rebuilt.addSuppressed(remote);
    return rebuilt;
  }

  /** Sets the cause; returns false if the exception was created with a fixed null cause. */
  private static boolean takesCause(Throwable rebuilt, RemoteException remote) {
    try {
      rebuilt.initCause(remote);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Finds the class of the original exception; null if it does not exist here. */
  private static @Nullable Class<? extends Throwable> type(
      RemoteFailure failure, @Nullable ClassLoader loader) {
    if (failure.types().isEmpty()) {
      return null;
    }
    try {
      Class<?> named = Class.forName(failure.types().get(0), false, loader);
      return Throwable.class.isAssignableFrom(named) ? named.asSubclass(Throwable.class) : null;
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /**
   * Creates an exception of the original class with the original message and stack, through a
   * public constructor that takes only those; null if there is none or it changes the message.
   */
  private static @Nullable Throwable rebuilt(
      Class<? extends Throwable> type, RemoteFailure failure, RemoteException remote)
      throws ReflectiveOperationException {
    String message = ownMessage(failure);
    Throwable made = made(type, message);
    return made != null && Objects.equals(made.getMessage(), message)
        ? dressed(made, failure, remote)
        : null;
  }

  /** The exception's own message; the failure's message may be Warren's, with additions. */
  private static @Nullable String ownMessage(RemoteFailure failure) {
    if (failure.kind() == FailureKind.FAILED) {
      return failure.message();
    }
    return failure.details().get("exceptionMessage") instanceof String own ? own : null;
  }

  private static @Nullable Throwable made(Class<? extends Throwable> type, @Nullable String message)
      throws ReflectiveOperationException {
    for (Constructor<?> constructor : type.getConstructors()) {
      Class<?>[] parameters = constructor.getParameterTypes();
      if (parameters.length == 1 && parameters[0] == String.class) {
        return (Throwable) constructor.newInstance(message);
      }
    }
    for (Constructor<?> constructor : type.getConstructors()) {
      Class<?>[] parameters = constructor.getParameterTypes();
      if (parameters.length == 0) {
        return (Throwable) constructor.newInstance();
      }
      if (parameters.length == 2
          && parameters[0] == String.class
          && parameters[1] == Throwable.class) {
        return (Throwable) constructor.newInstance(message, null);
      }
      if (parameters.length == 1 && parameters[0] == Object.class && message != null) {
        return (Throwable) constructor.newInstance(message);
      }
    }
    return null;
  }

  /** Parses the frames of the outermost exception from the text of a stack trace. */
  private static StackTraceElement[] frames(@Nullable String stack) {
    List<StackTraceElement> frames = new ArrayList<>();
    for (String line : stack == null ? new String[0] : stack.split("\n", -1)) {
      if (line.startsWith("Caused by:") || line.stripLeading().startsWith("Suppressed:")) {
        break;
      }
      Matcher matcher = FRAME.matcher(line);
      if (matcher.matches()) {
        int number = matcher.group(4) == null ? -1 : Integer.parseInt(matcher.group(4));
        frames.add(
            new StackTraceElement(matcher.group(1), matcher.group(2), matcher.group(3), number));
      }
    }
    return frames.toArray(StackTraceElement[]::new);
  }
}
