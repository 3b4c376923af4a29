package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the exceptions of another process, each with its own frames, causes and suppressed
 * exceptions. One whose class does not exist here, or that cannot be created from its message
 * alone, becomes a {@link RemoteException}. Used for one failure; confined to one thread.
 */
final class RemoteCauses {
  private static final Pattern FRAME =
      Pattern.compile("\\s*at (?:[^/(]+/)?([^(]+)\\.([^.(]+)\\(([^:)]*)(?::(\\d+))?\\)\\s*");

  private static final Pattern MORE = Pattern.compile("\\s*\\.\\.\\. (\\d{1,9}) more\\s*");

  /** The line number by which Java marks a native method. */
  private static final int NATIVE = -2;

  /** Maximum number of exceptions that are rebuilt; more than a worker sends. */
  private static final int MAX_EXCEPTIONS = 200;

  private final @Nullable ClassLoader loader;
  private int made;

  /**
   * Creates a builder.
   *
   * @param loader class loader of the caller's code
   */
  RemoteCauses(@Nullable ClassLoader loader) {
    this.loader = loader;
  }

  /** Rebuilds the exception of a failure; null if no exception was involved. */
  @Nullable Throwable of(RemoteFailure failure, @Nullable String message) {
    String stack = failure.stack();
    if (stack == null && failure.types().isEmpty()) {
      return null;
    }
    String type = failure.types().isEmpty() ? failure.type() : failure.types().get(0);
    List<String> lines = stack == null ? List.of() : frameLines(stack, message);
    StackTraceElement[] frames = frames(lines, new StackTraceElement[0]);
    String remoteText = frames.length == 0 && stack != null ? stack.stripTrailing() : null;
    Throwable cause = chain(failure.causes(), frames);
    return built(type, message, remoteText, frames, cause, failure.suppressed());
  }

  /** The lines of the outermost exception's frames. */
  private static List<String> frameLines(String stack, @Nullable String message) {
    List<String> frames = new ArrayList<>();
    // a message of several lines must not be taken for frames
    long head = 1 + (message == null ? 0 : message.chars().filter(c -> c == '\n').count());
    for (String line : stack.lines().skip(head).toList()) {
      if (line.startsWith("Caused by:") || line.stripLeading().startsWith("Suppressed:")) {
        break;
      }
      frames.add(line);
    }
    return frames;
  }

  /** Rebuilds a list of causes, each the cause of the one before; null for none. */
  private @Nullable Throwable chain(
      List<RemoteFailure.Thrown> causes, StackTraceElement[] enclosing) {
    List<StackTraceElement[]> traces = new ArrayList<>();
    StackTraceElement[] outer = enclosing;
    for (int i = 0; i < causes.size() && made < MAX_EXCEPTIONS; i++) {
      made++;
      outer = frames(causes.get(i), outer);
      traces.add(outer);
    }
    Throwable built = null;
    for (int i = traces.size() - 1; i >= 0; i--) {
      RemoteFailure.Thrown cause = causes.get(i);
      built = built(cause.type(), cause.message(), null, traces.get(i), built, cause.suppressed());
    }
    return built;
  }

  private Throwable built(
      String type,
      @Nullable String message,
      @Nullable String remoteText,
      StackTraceElement[] frames,
      @Nullable Throwable cause,
      List<RemoteFailure.Thrown> suppressed) {
    List<Throwable> others = new ArrayList<>();
    for (RemoteFailure.Thrown one : suppressed) {
      if (made++ < MAX_EXCEPTIONS) {
        StackTraceElement[] own = frames(one, frames);
        others.add(
            built(
                one.type(), one.message(), null, own, chain(one.causes(), own), one.suppressed()));
      }
    }
    Throwable original = original(type, message, frames, cause, others);
    if (original != null) {
      return original;
    }
    RemoteException remote = new RemoteException(type, message, remoteText, cause);
    remote.setStackTrace(frames);
    others.forEach(remote::addSuppressed);
    return remote;
  }

  /** An exception of the original class; null if it cannot be created. */
  private @Nullable Throwable original(
      String name,
      @Nullable String message,
      StackTraceElement[] frames,
      @Nullable Throwable cause,
      List<Throwable> suppressed) {
    try {
      Class<? extends Throwable> type = type(name);
      if (type == null) {
        return null;
      }
      // the JDK's own exceptions cannot block
      return type.getClassLoader() == null
          ? dressed(type, message, frames, cause, suppressed)
          : Rebuilding.of(type, () -> dressed(type, message, frames, cause, suppressed));
    } catch (Throwable e) {
      // the exception's own constructor or methods may throw anything
      return null;
    }
  }

  /** Finds the class of the original exception; null if it does not exist here. */
  private @Nullable Class<? extends Throwable> type(String name) {
    try {
      Class<?> named = Class.forName(name, false, loader);
      return Throwable.class.isAssignableFrom(named) ? named.asSubclass(Throwable.class) : null;
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private static @Nullable Throwable dressed(
      Class<? extends Throwable> type,
      @Nullable String message,
      StackTraceElement[] frames,
      @Nullable Throwable cause,
      List<Throwable> suppressed)
      throws ReflectiveOperationException {
    Throwable rebuilt = made(type, message, cause);
    if (rebuilt == null || !Objects.equals(rebuilt.getMessage(), message)) {
      return null;
    }
    rebuilt.setStackTrace(frames);
    if (cause != null && rebuilt.getCause() != cause && !takesCause(rebuilt, cause)) {
      rebuilt.addSuppressed(cause);
    }
    suppressed.forEach(rebuilt::addSuppressed);
    return rebuilt;
  }

  /** Sets the cause; returns false if the exception was created with a fixed cause. */
  private static boolean takesCause(Throwable rebuilt, Throwable cause) {
    try {
      rebuilt.initCause(cause);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /**
   * Creates an exception through a public constructor that takes only the message, the cause, both
   * or nothing; null if there is none.
   */
  private static @Nullable Throwable made(
      Class<? extends Throwable> type, @Nullable String message, @Nullable Throwable cause)
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
          && Throwable.class.isAssignableFrom(parameters[1])
          && (cause == null || parameters[1].isInstance(cause))) {
        return (Throwable) constructor.newInstance(message, cause);
      }
      if (parameters.length == 1 && parameters[0] == Object.class && message != null) {
        return (Throwable) constructor.newInstance(message);
      }
    }
    return null;
  }

  private static StackTraceElement[] frames(
      RemoteFailure.Thrown thrown, StackTraceElement[] enclosing) {
    return frames(thrown.stack() == null ? List.of() : thrown.stack().lines().toList(), enclosing);
  }

  /**
   * Parses frames as Java prints them.
   *
   * @param enclosing the trace to which {@code ... 3 more} refers
   */
  private static StackTraceElement[] frames(List<String> lines, StackTraceElement[] enclosing) {
    List<StackTraceElement> frames = new ArrayList<>();
    for (String line : lines) {
      Matcher frame = FRAME.matcher(line);
      Matcher more = MORE.matcher(line);
      if (frame.matches()) {
        frames.add(frame(frame));
      } else if (more.matches()) {
        int shared = Math.min(number(more.group(1)), enclosing.length);
        frames.addAll(List.of(enclosing).subList(enclosing.length - shared, enclosing.length));
      }
    }
    return frames.toArray(StackTraceElement[]::new);
  }

  private static StackTraceElement frame(Matcher frame) {
    String file = frame.group(3);
    if (file.equals("Native Method")) {
      return new StackTraceElement(frame.group(1), frame.group(2), null, NATIVE);
    }
    return new StackTraceElement(
        frame.group(1),
        frame.group(2),
        file.equals("Unknown Source") ? null : file,
        frame.group(4) == null ? -1 : number(frame.group(4)));
  }

  private static int number(String digits) {
    return digits.length() > 9 ? -1 : Integer.parseInt(digits);
  }
}
