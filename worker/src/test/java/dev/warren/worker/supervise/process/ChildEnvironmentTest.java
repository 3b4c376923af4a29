package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChildEnvironmentTest {

  private static Set<String> left(Map<String, String> environment, @Nullable List<String> only) {
    Map<String, String> changed = new HashMap<>(environment);
    ChildEnvironment.restrict(changed, only);
    return changed.keySet();
  }

  @ParameterizedTest
  @CsvSource({
    "WARREN_BROKER, amqp://rabbit",
    "WARREN_MANAGEMENT, http://admin:secret@rabbit:15672",
    "WARREN_BROKER_FILE, /run/secrets/broker",
    "WARREN_ANYTHING, 1",
    "JAVA_TOOL_OPTIONS, -Dx=y",
    "_JAVA_OPTIONS, -Dx=y",
    "JDK_JAVA_OPTIONS, -Dx=y",
    "IBM_JAVA_OPTIONS, -Dx=y",
    "JAVA_OPTS, -Dx=y",
    "AMQP_URL, amqp://rabbit",
    "CLOUDAMQP_URL, anything",
    "CREDENTIALS_DIRECTORY, /run/credentials/warren.service",
    "RABBITMQ_DEFAULT_PASS, secret",
    "RABBITMQ_ERLANG_COOKIE, secret",
    "SPRING_RABBITMQ_PASSWORD, secret",
    "spring_rabbitmq_addresses, u:secret@rabbit",
    "BROKER, amqp://u:secret@rabbit",
    "SETTINGS, {\"broker\":\"AMQPS://u:sec/ret@rabbit\"}"
  })
  void the_supervisors_own_variables_are_withheld(String name, String value) {
    assertThat(left(Map.of(name, value, "PATH", "/bin"), null)).containsExactly("PATH");
  }

  @ParameterizedTest
  @CsvSource({
    "PATH, /bin",
    "DATABASE_URL, jdbc:postgresql://u:secret@db",
    "AWS_SECRET_ACCESS_KEY, secret",
    "RABBITMQ_NODENAME, rabbit@host",
    "JAVA_HOME, /opt/java",
    "EVENTS, amqp://rabbit/events"
  })
  void variables_for_functions_are_inherited(String name, String value) {
    assertThat(left(Map.of(name, value), null)).containsExactly(name);
    assertThat(ChildEnvironment.withheld(Map.of(name, value))).isEmpty();
  }

  @Test
  void a_list_keeps_its_variables_and_the_basics() {
    Map<String, String> environment =
        Map.of(
            "PATH",
            "/bin",
            "LC_ALL",
            "C",
            "DATABASE_URL",
            "x",
            "AMQP_URL",
            "amqp://u:p@h",
            "WARREN_BROKER",
            "amqp://u:p@h",
            "OTHER",
            "y");
    assertThat(left(environment, List.of("AMQP_URL", "WARREN_BROKER")))
        .containsExactlyInAnyOrder("PATH", "LC_ALL", "AMQP_URL");
    assertThat(left(environment, List.of())).containsExactlyInAnyOrder("PATH", "LC_ALL");
    assertThat(ChildEnvironment.withheld(environment)).containsExactly("AMQP_URL");
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL, POSIX, UTF-8, LC_ALL, C.UTF-8",
    "LANG, C, UTF-8, LC_CTYPE, C.UTF-8",
    "LC_CTYPE, de_DE.ISO-8859-1, UTF-8, LC_CTYPE, C.UTF-8",
    "OTHER, x, UTF-8, LC_CTYPE, C.UTF-8",
    "LANG, de_DE.UTF-8, ANSI_X3.4-1968, LC_CTYPE, C.UTF-8", // not installed
    "LANG, de_DE.utf8, UTF-8, LANG, de_DE.utf8",
    "LC_ALL, C.UTF-8, UTF-8, LC_ALL, C.UTF-8"
  })
  void a_child_always_has_utf_8(
      String name, String value, String ownNames, String changed, String to) {
    Map<String, String> environment = new HashMap<>(Map.of(name, value));
    ChildEnvironment.makeUtf8(environment, ownNames);
    Map<String, String> expected = new HashMap<>(Map.of(name, value));
    expected.put(changed, to);
    assertThat(environment).isEqualTo(expected);
  }
}
