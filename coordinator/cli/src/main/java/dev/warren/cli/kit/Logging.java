package dev.warren.cli.kit;

import ch.qos.logback.classic.LoggerContext;
import dev.warren.json.Json;
import dev.warren.lifecycle.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Configures the logging of Warren's programs: to stderr, as text or as JSON, without ever blocking
 * the thread that logs ({@link NeverBlockingAppender}). Called only by {@code main} programs,
 * because a library must not configure its user's logging. Effective only before the first line is
 * logged. Stateless.
 */
public final class Logging {
  /** System property: the minimum level that is logged. */
  private static final String LEVEL = "warren.log.level";

  /** The minimum level for broker connections, whose problems some commands report themselves. */
  private static final String BROKER_LEVEL = "warren.log.level.broker";

  /**
   * The minimum level for a supervisor in this process, whose lost children show in the outcomes.
   */
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
   * Like {@link #start(String)}, for a command that itself reports broker failures and lost calls,
   * so that the log's warnings would repeat them.
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

  /** Whether the log is JSON. */
  public static boolean isJson() {
    return String.valueOf(FILES.get("json")).equals(System.getProperty(LOGBACK_FILE));
  }

  /**
   * A line like those of a JSON log, for what is printed whatever the log's level, and before the
   * log is configured.
   */
  public static String json(Level level, String message) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.ofEpochMilli(TimeSource.SYSTEM.epochMillis()).toString());
    line.put("message", message);
    line.put("level", level.name());
    if (isJson() && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      line.putAll(context.getCopyOfPropertyMap());
    }
    return Json.write(line).text();
  }

  /** Adds a field to all further JSON lines, such as {@code worker} with its id. */
  public static void tag(String name, String value) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.putProperty(name, value);
    }
  }
}
