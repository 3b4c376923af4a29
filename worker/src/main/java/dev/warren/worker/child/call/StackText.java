package dev.warren.worker.child.call;

import java.util.Arrays;

/**
 * Formats the stack of a thread or an exception without Warren's frames below the call. Stateless.
 */
public final class StackText {
  /** Maximum number of frames reported for a running call. */
  static final int MAX_FRAMES = 64;

  private static final String CALLER = TargetMethod.class.getName();

  private StackText() {}

  /**
   * The thread's stack, innermost frame first, one line per frame, in the format of an exception.
   */
  public static String of(Thread thread) {
    StackTraceElement[] trace = aboveCaller(thread.getStackTrace());
    StringBuilder text = new StringBuilder(1024);
    for (int i = 0; i < trace.length && i < MAX_FRAMES; i++) {
      text.append("\tat ").append(plain(trace[i])).append('\n');
    }
    if (trace.length > MAX_FRAMES) {
      text.append("\t... ").append(trace.length - MAX_FRAMES).append(" more\n");
    }
    return text.toString();
  }

  /** Removes names of class loaders and versions of modules, as an exception does. */
  private static StackTraceElement plain(StackTraceElement frame) {
    return new StackTraceElement(
        null,
        frame.getModuleName(),
        null,
        frame.getClassName(),
        frame.getMethodName(),
        frame.getFileName(),
        frame.getLineNumber());
  }

  /** The frames from the user's function up. */
  static StackTraceElement[] aboveCaller(StackTraceElement[] trace) {
    for (int i = trace.length - 1; i > 0; i--) {
      if (trace[i].getClassName().equals(CALLER)) {
        int end = i;
        while (end > 0 && isReflection(trace[end - 1].getClassName())) {
          end--;
        }
        return Arrays.copyOf(trace, end);
      }
    }
    return trace;
  }

  private static boolean isReflection(String className) {
    return className.startsWith("jdk.internal.reflect.")
        || className.startsWith("java.lang.reflect.");
  }
}
