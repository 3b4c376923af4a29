package dev.warren.lifecycle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a log for a throwable whose texts are not printable: the same stack traces, causes and
 * suppressed ones, with every text made printable. Asking a user's exception for its texts may
 * fail; the failure's class stands in their place then.
 */
final class PrintableThrowable extends Throwable {
  private static final long serialVersionUID = 1L;

  /** Causes of causes that are looked at; those below are left out. */
  private static final int DEEPEST = 20;

  private PrintableThrowable(String shown, @Nullable Throwable cause) {
    super(shown, cause, true, true);
  }

  /** The throwable itself where all of it is printable, else a stand-in for it. */
  static Throwable of(Throwable failure) {
    return isPrintable(failure, DEEPEST) ? failure : standIn(failure, DEEPEST);
  }

  private static boolean isPrintable(Throwable failure, int depth) {
    if (depth == 0) {
      return false;
    }
    try {
      String text = failure.toString();
      return text != null
          && Printable.line(text).equals(text)
          && Arrays.stream(failure.getStackTrace()).allMatch(PrintableThrowable::isPrintable)
          && Arrays.stream(failure.getSuppressed()).allMatch(s -> isPrintable(s, depth - 1))
          && (failure.getCause() == null || isPrintable(failure.getCause(), depth - 1));
    } catch (RuntimeException | Error e) {
      return false; // a user's exception that cannot be asked
    }
  }

  private static boolean isPrintable(StackTraceElement frame) {
    String text = frame.toString();
    return Printable.line(text).equals(text);
  }

  private static Throwable standIn(Throwable failure, int depth) {
    PrintableThrowable standIn;
    try {
      Throwable cause = failure.getCause();
      String text = Printable.line(String.valueOf(failure));
      standIn =
          new PrintableThrowable(
              text, cause != null && depth > 1 ? standIn(cause, depth - 1) : null);
      standIn.setStackTrace(
          Arrays.stream(failure.getStackTrace())
              .map(PrintableThrowable::printable)
              .toArray(StackTraceElement[]::new));
      for (Throwable suppressed : depth > 1 ? failure.getSuppressed() : new Throwable[0]) {
        standIn.addSuppressed(standIn(suppressed, depth - 1));
      }
    } catch (RuntimeException | Error e) {
      standIn =
          new PrintableThrowable(
              Printable.line(failure.getClass().getName())
                  + " (its texts cannot be had: "
                  + Printable.line(e.getClass().getName())
                  + ")",
              null);
    }
    return standIn;
  }

  private static StackTraceElement printable(StackTraceElement frame) {
    String file = frame.getFileName();
    return new StackTraceElement(
        Printable.line(frame.getClassName()),
        Printable.line(frame.getMethodName()),
        file == null ? null : Printable.line(file),
        frame.getLineNumber());
  }
}
