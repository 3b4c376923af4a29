package dev.warren.cli.kit;

import dev.warren.lifecycle.PrintableStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Standard output and error of Warren's own programs. All that they print goes through {@link
 * PrintableStream}: results, errors, the log, stacks. Only what steers the terminal on purpose (a
 * progress bar, the colours of help) has a stream of its own. Thread-safe.
 */
public final class Console {
  private static final PrintStream STEERING_OUT = raw(FileDescriptor.out);
  private static final PrintStream STEERING_ERR = raw(FileDescriptor.err);

  private Console() {}

  /** Makes {@link System#out} and {@link System#err} printable; called once, by a main. */
  static void guard() {
    System.setOut(PrintableStream.onto(new FileOutputStream(FileDescriptor.out)));
    System.setErr(PrintableStream.onto(new FileOutputStream(FileDescriptor.err)));
  }

  /** Standard output for text of our own that may steer the terminal. */
  static PrintStream steeringOut() {
    return STEERING_OUT;
  }

  /** Standard error for text of our own that may steer the terminal. */
  public static PrintStream steeringErr() {
    return STEERING_ERR;
  }

  /** Standard output, unbuffered and printable, for whoever writes much of it. */
  public static OutputStream out() {
    return new PrintableStream(new FileOutputStream(FileDescriptor.out));
  }

  static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static PrintStream raw(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
