package dev.warren.cli.kit;

/** Exit codes of all commands; part of their contract. */
public final class ExitCode {
  public static final int DONE = 0;

  /** The command ran, and some of its calls failed. */
  public static final int CALLS_FAILED = 1;

  /** Wrong options or input, or an output that cannot be written. */
  public static final int USAGE = 2;

  /** The broker is unreachable or refused the login. */
  public static final int BROKER = 3;

  /** Interrupted by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  /** The reader of the output has closed it ({@code | head}). */
  public static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
