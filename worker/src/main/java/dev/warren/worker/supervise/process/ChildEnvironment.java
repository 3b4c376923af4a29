package dev.warren.worker.supervise.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of its supervisor's environment variables a child inherits: all, since functions are
 * configured by them, but for what is the supervisor's own. Stateless.
 *
 * <p>Left out are Warren's settings ({@code WARREN_*}), options that any JVM would take up ({@code
 * JAVA_TOOL_OPTIONS} and other {@code *JAVA*_OPTIONS}), and what leads to the broker: a variable
 * whose value holds an AMQP URI with a password, one whose name speaks of RabbitMQ or AMQP and of a
 * password, cookie, URI or the like, and {@code CREDENTIALS_DIRECTORY}, where systemd puts the
 * secrets of the worker's unit. A list of names restricts a child to these, and to what programs
 * cannot do without; what is named there is given even if it would be left out otherwise, except
 * for Warren's own. The locale is made one of UTF-8.
 */
public final class ChildEnvironment {
  private static final String OWN = "WARREN_";
  private static final Set<String> BASICS =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LANGUAGE",
          "TZ",
          "TMPDIR",
          "TEMP",
          "TMP",
          "SYSTEMROOT",
          "LD_LIBRARY_PATH",
          "JAVA_HOME");
  private static final Pattern JVM_OPTIONS = Pattern.compile(".*JAVA.*_OPT(ION)?S");
  private static final Pattern BROKER_NAME =
      Pattern.compile(".*(RABBITMQ|AMQP).*(PASS|SECRET|TOKEN|CREDENTIAL|COOKIE|URI|URL|ADDRESS).*");
  private static final Pattern BROKER_URI = Pattern.compile("(?i)amqps?://[^\\s:@]*:.*@");

  private static final Pattern UTF_8 = Pattern.compile("(?i)[^.]*\\.utf-?8(@.*)?");

  private ChildEnvironment() {}

  /**
   * Takes out of an environment what a child is not to have.
   *
   * @param environment that of the supervisor; changed
   * @param only names to restrict it to, besides the basics; null for no restriction
   */
  public static void restrict(Map<String, String> environment, @Nullable List<String> only) {
    environment
        .entrySet()
        .removeIf(
            entry ->
                only == null
                    ? isWithheld(entry.getKey(), entry.getValue())
                    : isOwn(entry.getKey())
                        || !(only.contains(entry.getKey()) || isBasic(entry.getKey())));
  }

  /** Names of the variables that children are not given although nothing restricts them. */
  public static Set<String> withheld(Map<String, String> environment) {
    Set<String> names = new TreeSet<>();
    environment.forEach(
        (name, value) -> {
          if (!isOwn(name) && isWithheld(name, value)) {
            names.add(name);
          }
        });
    return names;
  }

  /**
   * Makes the locale's character encoding UTF-8, in which children are read, where it is another:
   * names of files and what a JVM 17 prints depend on it.
   *
   * @param environment that of the child; changed
   * @param ownNames the encoding of file names in this JVM: not UTF-8 although the locale says so
   *     where that locale is not installed
   */
  public static void makeUtf8(Map<String, String> environment, String ownNames) {
    String all = environment.getOrDefault("LC_ALL", "");
    String type = environment.getOrDefault("LC_CTYPE", "");
    String locale = !all.isEmpty() ? all : !type.isEmpty() ? type : environment.get("LANG");
    if (locale == null || !UTF_8.matcher(locale).matches() || !ownNames.equals("UTF-8")) {
      environment.put(all.isEmpty() ? "LC_CTYPE" : "LC_ALL", "C.UTF-8");
    }
  }

  private static boolean isBasic(String name) {
    return BASICS.contains(name) || name.startsWith("LC_");
  }

  /** Whether it is one of Warren's own settings, which no child is given. */
  public static boolean isOwn(String name) {
    return name.startsWith(OWN);
  }

  private static boolean isWithheld(String name, String value) {
    String upper = name.toUpperCase(Locale.ROOT);
    return isOwn(name)
        || upper.equals("CREDENTIALS_DIRECTORY")
        || JVM_OPTIONS.matcher(upper).matches()
        || BROKER_NAME.matcher(upper).matches()
        || BROKER_URI.matcher(value).find();
  }
}
