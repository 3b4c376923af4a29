package dev.warren.cli.kit;

/** How a command ends; part of its contract. */
public final class ExitCode {
  public static final int DONE = 0;

  /** The command ran, and some of its calls failed. */
  public static final int CALLS_FAILED = 1;

  /** Wrong options or input, or an output that cannot be written. */
  public static final int USAGE = 2;

  /** The broker cannot be reached, or lets us not in. */
  public static final int BROKER = 3;

  /** Ended by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  /** Whoever read the output has gone ({@code | head}). */
  public static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
