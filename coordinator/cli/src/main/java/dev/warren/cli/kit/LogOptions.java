package dev.warren.cli.kit;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import picocli.CommandLine.Option;

/** The options for log level and format. */
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

  /** Creates options with this default level. */
  public LogOptions(String level) {
    this.level = level;
  }

  /** Calls {@link Logging#start} with these options. */
  public void start() {
    Logging.start(level, format);
  }

  /** Calls {@link Logging#startWithoutRepeats} with these options. */
  public void startWithoutRepeats() {
    Logging.startWithoutRepeats(level, format);
  }
}
