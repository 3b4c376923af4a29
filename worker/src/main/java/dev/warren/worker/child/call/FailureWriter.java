package dev.warren.worker.child.call;

import dev.warren.json.ValueException;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.link.CallsHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts what a call threw to a failure that can be sent. Always produces a failure, whatever the
 * exception's own methods do. Confined to the thread that runs calls.
 */
public final class FailureWriter {
  private final RemoteFailure.Where where;
  private final ExceptionReader exceptions;

  public FailureWriter(RemoteFailure.Where where, ExceptionReader exceptions) {
    this.where = where;
    this.exceptions = exceptions;
  }

  /** The function threw. */
  public RemoteFailure failed(Throwable thrown, int attempt, @Nullable String retryOn) {
    ExceptionReader.Report report = exceptions.read(thrown);
    List<String> types = report.types();
    return new RemoteFailure(
        FailureKind.FAILED,
        types.get(0),
        report.message(),
        report.stack(),
        types,
        retryOn == null || worthRetry(types, retryOn),
        where,
        attempt,
        Map.of(),
        report.causes(),
        report.suppressed());
  }

  /**
   * The call was not run.
   *
   * @param here whether only this worker cannot run the function
   */
  public RemoteFailure rejected(Rejection rejection, boolean here, int attempt) {
    String known = ExceptionText.message(rejection);
    String message = known == null ? "" : known;
    RemoteFailure failure =
        here
            ? RemoteFailure.refusedHere(message, attempt)
            : RemoteFailure.of(FailureKind.REJECTED, message, attempt);
    return failure.withWhere(where);
  }

  /**
   * Writes the outcome line of a failure. If that fails, writes a failure of the same kind that
   * says so, with text that can always be written.
   */
  public byte[] line(RemoteFailure failure) {
    try {
      return OutcomeLine.of(failure).toBytes();
    } catch (Throwable e) {
      String why = "the failure could not be written: " + e.getClass().getName();
      RemoteFailure bare =
          new RemoteFailure(
              failure.kind(),
              failure.type(),
              why,
              null,
              failure.types(),
              failure.retryable(),
              where,
              failure.attempt(),
              Map.of());
      return OutcomeLine.of(bare).toBytes();
    }
  }

  /** Whether a thread of this child was abandoned inside an exception's method. */
  public boolean leftThread() {
    return exceptions.leftThread();
  }

  /** The call was cancelled before it began. */
  public RemoteFailure cancelled(int attempt) {
    return RemoteFailure.cancelledUnstarted("cancelled before it began", attempt).withWhere(where);
  }

  /** The call was cancelled while it ran, and threw because of that. */
  public RemoteFailure cancelled(Throwable thrown, int attempt) {
    ExceptionReader.Report report = exceptions.read(thrown);
    String message = "cancelled while it ran: " + report.text();
    return of(
        FailureKind.CANCELLED, report, FailureKind.CANCELLED.wire(), message, attempt, Map.of());
  }

  /** The call threw after its soft limit had interrupted it. */
  public RemoteFailure softLimit(Throwable thrown, CallsHeader header, long ranNanos) {
    long ranMs = ranNanos / 1_000_000;
    Map<String, Object> details = new HashMap<>();
    details.put("limit", "soft");
    details.put("limitMs", header.softMs());
    details.put("ranMs", ranMs);
    ExceptionReader.Report report = exceptions.read(thrown);
    return of(
        FailureKind.TIME_LIMIT,
        report,
        FailureKind.TIME_LIMIT.wire(),
        "exceeded its soft limit of " + header.softMs() + " ms: " + report.text(),
        header.attempt(),
        details);
  }

  /** The function returned a value that cannot be written, or would not arrive unchanged. */
  RemoteFailure notSerializable(@Nullable Object result, ValueException why, int attempt) {
    String type = result == null ? "null" : result.getClass().getName();
    Map<String, Object> details = new HashMap<>();
    details.put("resultType", type);
    if (!why.path().isEmpty()) {
      details.put("path", why.path());
    }
    FailureKind kind = FailureKind.RESULT_NOT_SERIALIZABLE;
    String message = ExceptionText.cut("the result, " + why.getMessage());
    Throwable cause = why.getCause();
    return cause == null
        ? RemoteFailure.of(kind, message, attempt).withWhere(where).withDetails(details)
        : of(kind, exceptions.read(cause), kind.wire(), message, attempt, details);
  }

  /** The function's result exceeds the size limit. */
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
            + "; return less, or store it elsewhere and return a reference";
    return RemoteFailure.of(FailureKind.RESULT_NOT_SERIALIZABLE, message, attempt)
        .withWhere(where)
        .withDetails(details);
  }

  /** The initializer threw, or cannot be run. */
  public RemoteFailure initializerFailed(String initializer, Throwable thrown) {
    FailureKind kind = FailureKind.INITIALIZER_FAILED;
    String what = "initializer " + initializer + ": ";
    if (thrown instanceof Rejection) {
      String why = String.valueOf(ExceptionText.message(thrown));
      return new RemoteFailure(
          kind,
          FailureKind.REJECTED.wire(),
          ExceptionText.cut(what + why),
          null,
          List.of(),
          false,
          where,
          1,
          Map.of());
    }
    ExceptionReader.Report report = exceptions.read(thrown);
    return of(kind, report, report.types().get(0), what + report.text(), 1, Map.of());
  }

  /**
   * Creates a failure with a message of Warren's; the exception's own message is kept for
   * rebuilding it.
   */
  private RemoteFailure of(
      FailureKind kind,
      ExceptionReader.Report report,
      String type,
      String message,
      int attempt,
      Map<String, Object> known) {
    Map<String, Object> details = new HashMap<>(known);
    String own = report.message();
    if (own != null) {
      details.put("exceptionMessage", own);
    }
    return new RemoteFailure(
        kind,
        type,
        ExceptionText.cut(message),
        report.stack(),
        report.types(),
        false,
        where,
        attempt,
        details,
        report.causes(),
        report.suppressed());
  }

  private static boolean worthRetry(List<String> types, String retryOn) {
    for (String wanted : retryOn.split(",", -1)) {
      if (types.contains(wanted.trim())) {
        return true;
      }
    }
    return false;
  }
}
