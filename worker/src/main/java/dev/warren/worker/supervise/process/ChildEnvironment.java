package dev.warren.worker.supervise.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Selects the environment variables that a child inherits from its supervisor: all, since they
 * configure functions, except the supervisor's own. Stateless.
 *
 * <p>Withheld are Warren's settings ({@code WARREN_*}), options that every JVM picks up ({@code
 * JAVA_TOOL_OPTIONS} and other {@code *JAVA*_OPTIONS}), and access to the broker: variables whose
 * value contains an AMQP URI with a password, variables whose name contains RABBITMQ or AMQP and
 * PASS, SECRET, COOKIE, URI or the like, and {@code CREDENTIALS_DIRECTORY}, where systemd puts the
 * secrets of the worker's unit. A list of names restricts a child to those variables and to the
 * basics that programs need; a listed variable is inherited even if it would otherwise be withheld,
 * except Warren's own. The locale's encoding is set to UTF-8.
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
   * Removes from an environment what a child must not have.
   *
   * @param environment the supervisor's; changed
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

  /** Names of the variables that are withheld from children although no list restricts them. */
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
   * Sets the locale's character encoding to UTF-8, in which children's output is read, if it is
   * another one: file names and the output of a JVM 17 depend on it.
   *
   * @param environment the child's; changed
   * @param ownNames the encoding of file names in this JVM: not UTF-8, even with a UTF-8 locale, if
   *     that locale is not installed
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

  /** Whether it is one of Warren's settings, which no child inherits. */
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
