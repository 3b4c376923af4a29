package dev.warren.lifecycle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Replaces, in a log, a throwable whose texts are not printable: same stack traces, causes and
 * suppressed exceptions, with all texts made printable. If a user's exception fails while its texts
 * are read, the class of that failure is shown instead.
 */
final class PrintableThrowable extends Throwable {
  private static final long serialVersionUID = 1L;

  /** Maximum depth of causes; deeper ones are omitted. */
  private static final int DEEPEST = 20;

  private PrintableThrowable(String shown, @Nullable Throwable cause) {
    super(shown, cause, true, true);
  }

  /** Returns the throwable itself if all its texts are printable, otherwise a replacement. */
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
      return false; // a user's exception whose methods fail
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
                  + " (its texts cannot be read: "
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
