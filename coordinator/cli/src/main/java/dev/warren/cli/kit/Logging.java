package dev.warren.cli.kit;

import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * How Warren's own programs log: to stderr, as text or as JSON, without ever blocking the thread
 * that logs ({@link NeverBlockingAppender}). A library must not configure its user's logging, so
 * only {@code main} programs call this. Settings take effect before the first line is logged only.
 * Stateless.
 */
public final class Logging {
  /** System property: the least level that is logged. */
  private static final String LEVEL = "warren.log.level";

  /** The same for connections to the broker, which some commands report in their own words. */
  private static final String BROKER_LEVEL = "warren.log.level.broker";

  /** The same for a supervisor in this process, whose lost children show in the outcomes. */
  private static final String CHILDREN_LEVEL = "warren.log.level.children";

  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");
  private static final String LOGBACK_FILE = "logback.configurationFile";
  private static final Map<String, String> FILES =
      Map.of(
          "text", "dev/warren/cli/logback-warren.xml",
          "json", "dev/warren/cli/logback-warren-json.xml");

  private Logging() {}

  /**
   * Logs this level and above, as text.
   *
   * @throws CommandFailure if there is no such level
   */
  public static void start(String level) {
    start(level, "text");
  }

  static void start(String level, String format) {
    if (!LEVELS.contains(level)) {
      throw CommandFailure.usage(
          "--log-level is '" + level + "'; must be one of " + String.join(", ", LEVELS));
    }
    String file = FILES.get(format);
    if (file == null) {
      throw CommandFailure.usage("--log-format is '" + format + "'; must be text or json");
    }
    System.setProperty(LEVEL, level);
    System.setProperty(BROKER_LEVEL, level);
    System.setProperty(CHILDREN_LEVEL, level);
    if (System.getProperty(LOGBACK_FILE) == null) {
      System.setProperty(LOGBACK_FILE, file);
    }
  }

  /**
   * The same for a command that itself reports broker failures and lost calls: the log's warnings
   * would repeat them.
   *
   * @throws CommandFailure if there is no such level
   */
  public static void startWithoutRepeats(String level) {
    startWithoutRepeats(level, "text");
  }

  static void startWithoutRepeats(String level, String format) {
    start(level, format);
    if (level.equals("warn")) {
      System.setProperty(BROKER_LEVEL, "error");
      System.setProperty(CHILDREN_LEVEL, "error");
    }
  }

  /** Adds a field to all further JSON lines, such as {@code worker} with its id. */
  public static void tag(String name, String value) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.putProperty(name, value);
    }
  }
}
