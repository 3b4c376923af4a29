package dev.warren.cli.kit;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import picocli.CommandLine.Option;

/** How much is logged, and in which form. */
public final class LogOptions {
  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace, on stderr",
      showDefaultValue = ALWAYS)
  private String level;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "text, or json: one object per line",
      showDefaultValue = ALWAYS)
  private String format = "text";

  /** Options whose default level is {@code level}. */
  public LogOptions(String level) {
    this.level = level;
  }

  /** {@link Logging#start}, as the options say. */
  public void start() {
    Logging.start(level, format);
  }

  /** {@link Logging#startWithoutRepeats}, as the options say. */
  public void startWithoutRepeats() {
    Logging.startWithoutRepeats(level, format);
  }
}
