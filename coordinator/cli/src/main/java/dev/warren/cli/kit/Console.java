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
 * Standard output and error of Warren's programs. Everything printed passes through {@link
 * PrintableStream}: results, errors, logs, stack traces. Only output that controls the terminal on
 * purpose (a progress bar, coloured help) has a separate stream. Thread-safe.
 */
public final class Console {
  private static final PrintStream STEERING_OUT = raw(FileDescriptor.out);
  private static final PrintStream STEERING_ERR = raw(FileDescriptor.err);

  private Console() {}

  /** Makes {@link System#out} and {@link System#err} printable; called once, by a main method. */
  static void guard() {
    System.setOut(PrintableStream.onto(new FileOutputStream(FileDescriptor.out)));
    System.setErr(PrintableStream.onto(new FileOutputStream(FileDescriptor.err)));
  }

  /** Standard output for Warren's own text that may control the terminal. */
  static PrintStream steeringOut() {
    return STEERING_OUT;
  }

  /** Standard error for Warren's own text that may control the terminal. */
  public static PrintStream steeringErr() {
    return STEERING_ERR;
  }

  /** Standard output, unbuffered and printable, for large outputs. */
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
