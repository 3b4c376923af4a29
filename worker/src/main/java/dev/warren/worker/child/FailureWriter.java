package dev.warren.worker.child;

import dev.warren.json.ValueException;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.link.CallsHeader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a call threw into a failure that can travel. Whatever an exception's own methods do,
 * it is reported. Stateless but for who we are.
 */
final class FailureWriter {
  /** Longest message and longest stack text, in characters. */
  static final int LONGEST_TEXT = 64 * 1024;

  private final RemoteFailure.Where where;

  FailureWriter(RemoteFailure.Where where) {
    this.where = where;
  }

  /** The function threw. */
  RemoteFailure failed(Throwable thrown, int attempt, @Nullable String retryOn) {
    List<String> types = types(thrown);
    String message = message(thrown);
    return new RemoteFailure(
        FailureKind.FAILED,
        types.get(0),
        message == null ? null : cut(message),
        stack(thrown),
        types,
        retryOn == null || worthRetry(types, retryOn),
        where,
        attempt,
        Map.of());
  }

  /** The call was not run. */
  RemoteFailure rejected(Rejection rejection, int attempt) {
    String message = message(rejection);
    return RemoteFailure.of(FailureKind.REJECTED, message == null ? "" : message, attempt)
        .withWhere(where);
  }

  /** The call was cancelled before it began. */
  RemoteFailure cancelled(int attempt) {
    return RemoteFailure.of(FailureKind.CANCELLED, "cancelled before it began", attempt)
        .withWhere(where);
  }

  /** The call was cancelled while it ran, and threw for it. */
  RemoteFailure cancelled(Throwable thrown, int attempt) {
    String message = "cancelled while it ran: " + text(thrown);
    return of(
        FailureKind.CANCELLED, thrown, FailureKind.CANCELLED.wire(), message, attempt, Map.of());
  }

  /** The call threw after its soft limit had interrupted it. */
  RemoteFailure softLimit(Throwable thrown, CallsHeader header, long ranNanos) {
    long ranMs = ranNanos / 1_000_000;
    Map<String, Object> details = new HashMap<>();
    details.put("limit", "soft");
    details.put("limitMs", header.softMs());
    details.put("ranMs", ranMs);
    return of(
        FailureKind.TIME_LIMIT,
        thrown,
        FailureKind.TIME_LIMIT.wire(),
        "ran past its soft limit of " + header.softMs() + " ms: " + text(thrown),
        header.attempt(),
        details);
  }

  /** The function returned something that cannot be written, or would not arrive as it is. */
  RemoteFailure notSerializable(@Nullable Object result, ValueException why, int attempt) {
    String type = result == null ? "null" : result.getClass().getName();
    Map<String, Object> details = new HashMap<>();
    details.put("resultType", type);
    if (!why.path().isEmpty()) {
      details.put("path", why.path());
    }
    FailureKind kind = FailureKind.RESULT_NOT_SERIALIZABLE;
    String message = "the result, " + why.getMessage();
    Throwable cause = why.getCause();
    return cause == null
        ? RemoteFailure.of(kind, message, attempt).withWhere(where).withDetails(details)
        : of(kind, cause, kind.wire(), message, attempt, details);
  }

  /** The function's result is over the size limit. */
  RemoteFailure tooLarge(@Nullable Object result, long bytes, long limit, int attempt) {
    String type = result == null ? "null" : result.getClass().getName();
    Map<String, Object> details = new HashMap<>();
    details.put("resultType", type);
    details.put("bytes", bytes);
    details.put("limitBytes", limit);
    String message =
        "result of type "
            + type
            + " has "
            + bytes
            + " bytes as JSON, over the limit of "
            + limit
            + "; return less, or write it where the caller can fetch it and return its address";
    return RemoteFailure.of(FailureKind.RESULT_NOT_SERIALIZABLE, message, attempt)
        .withWhere(where)
        .withDetails(details);
  }

  /** The initializer threw, or cannot be run. */
  RemoteFailure initializerFailed(String initializer, Throwable thrown) {
    String message = "initializer " + initializer + ": " + text(thrown);
    String type = thrown instanceof Rejection ? FailureKind.REJECTED.wire() : types(thrown).get(0);
    return of(FailureKind.INITIALIZER_FAILED, thrown, type, message, 1, Map.of());
  }

  /** A failure in words of ours; those of the exception itself are kept for its rebuilding. */
  private RemoteFailure of(
      FailureKind kind,
      Throwable thrown,
      String type,
      @Nullable String message,
      int attempt,
      Map<String, Object> known) {
    boolean ours = thrown instanceof Rejection;
    Map<String, Object> details = new HashMap<>(known);
    String own = ours ? null : message(thrown);
    if (own != null) {
      details.put("exceptionMessage", cut(own));
    }
    return new RemoteFailure(
        kind,
        type,
        message == null ? null : cut(message),
        ours ? null : stack(thrown),
        ours ? List.of() : types(thrown),
        false,
        where,
        attempt,
        details);
  }

  /** The exception's class and its superclasses up to Throwable. */
  private static List<String> types(Throwable thrown) {
    List<String> types = new ArrayList<>();
    Class<?> type = thrown.getClass();
    while (type != Object.class && type != null) {
      types.add(type.getName());
      type = type.getSuperclass();
    }
    return types;
  }

  private static boolean worthRetry(List<String> types, String retryOn) {
    for (String wanted : retryOn.split(",", -1)) {
      if (types.contains(wanted.trim())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String message(Throwable thrown) {
    try {
      return thrown.getMessage();
    } catch (Throwable e) {
      return "(its getMessage threw " + e.getClass().getName() + ")";
    }
  }

  private static String text(Throwable thrown) {
    if (thrown instanceof Rejection) {
      return String.valueOf(message(thrown));
    }
    try {
      return cut(String.valueOf(thrown.toString()));
    } catch (Throwable e) {
      return thrown.getClass().getName() + " (its toString threw " + e.getClass().getName() + ")";
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT
        ? text
        : text.substring(0, LONGEST_TEXT) + "… (cut; " + text.length() + " characters)";
  }

  private static String stack(Throwable thrown) {
    StringBuilder text = new StringBuilder(1024);
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    print(thrown, "", "", new StackTraceElement[0], seen, text);
    return text.length() <= LONGEST_TEXT
        ? text.toString()
        : text.substring(0, LONGEST_TEXT) + "\n… (cut)\n";
  }

  /** As Throwable prints itself, but bounded, and safe from what it overrides. */
  private static void print(
      Throwable thrown,
      String indent,
      String caption,
      StackTraceElement[] enclosing,
      Set<Throwable> seen,
      StringBuilder out) {
    if (out.length() > LONGEST_TEXT) {
      return;
    }
    out.append(indent).append(caption).append(text(thrown)).append('\n');
    if (!seen.add(thrown)) {
      out.append(indent).append("\t(seen above)\n");
      return;
    }
    StackTraceElement[] trace = trace(thrown);
    int common = common(trace, enclosing);
    for (int i = 0; i < trace.length - common && out.length() <= LONGEST_TEXT; i++) {
      out.append(indent).append("\tat ").append(trace[i]).append('\n');
    }
    if (common > 0) {
      out.append(indent).append("\t... ").append(common).append(" more\n");
    }
    for (Throwable suppressed : suppressed(thrown)) {
      print(suppressed, indent + "\t", "Suppressed: ", trace, seen, out);
    }
    Throwable cause = cause(thrown);
    if (cause != null) {
      print(cause, indent, "Caused by: ", trace, seen, out);
    }
  }

  private static int common(StackTraceElement[] trace, StackTraceElement[] enclosing) {
    int common = 0;
    while (common < trace.length
        && common < enclosing.length
        && trace[trace.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
      common++;
    }
    return common;
  }

  /** The frames above the child's own: from the user's function up. */
  private static StackTraceElement[] trace(Throwable thrown) {
    StackTraceElement[] trace;
    try {
      trace = thrown.getStackTrace();
    } catch (Throwable e) {
      return new StackTraceElement[0];
    }
    return StackText.aboveCaller(trace);
  }

  private static Throwable[] suppressed(Throwable thrown) {
    try {
      return thrown.getSuppressed();
    } catch (Throwable e) {
      return new Throwable[0];
    }
  }

  private static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable e) {
      return null;
    }
  }
}
