package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The table of docs/python-to-warren.md is complete, and the tests it names exist. */
class RulesTest {
  private static final Path PAGE = Path.of("../../docs/python-to-warren.md");
  private static final String TABLE = "## Which test proves which rule";

  /** Number of rules of each letter. */
  private static final Map<String, Integer> RULES =
      Map.ofEntries(
          Map.entry("C", 10),
          Map.entry("S", 11),
          Map.entry("M", 4),
          Map.entry("I", 10),
          Map.entry("A", 7),
          Map.entry("K", 5),
          Map.entry("L", 9),
          Map.entry("W", 6),
          Map.entry("E", 9),
          Map.entry("X", 5),
          Map.entry("F", 29),
          Map.entry("R", 15));

  private static String table() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(TABLE);
    return page.substring(page.indexOf(TABLE) + TABLE.length());
  }

  private static Stream<MatchResult> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results();
  }

  @Test
  void every_rule_is_proved_once_or_marked_not_applicable() throws IOException {
    List<String> named = new ArrayList<>();
    found("^\\| ([A-Z]\\d+(?:, [A-Z]\\d+)*) \\|", table())
        .forEach(row -> named.addAll(List.of(row.group(1).split(", "))));
    String rest = table().substring(table().indexOf("Not applicable: "));
    found("([A-Z]\\d+) \\((?=\\w)", rest).forEach(rule -> named.add(rule.group(1)));
    List<String> all =
        RULES.entrySet().stream()
            .flatMap(
                rules ->
                    IntStream.rangeClosed(1, rules.getValue())
                        .mapToObj(number -> rules.getKey() + number))
            .toList();
    assertThat(named).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void every_test_that_the_table_names_exists() throws Exception {
    Matcher word = Pattern.compile("`(\\w+)`").matcher(table());
    Class<?> owner = null;
    int tests = 0;
    while (word.find()) {
      String name = word.group(1);
      if (name.matches("[A-Z]\\w+(IT|Test)")) {
        String place =
            name.equals("LostTaskWatchTest") ? "dev.warren.cluster." : "dev.warren.pool.";
        owner = Class.forName(place + name);
      } else if (name.matches("[a-z0-9]+(_[a-z0-9]+){2,}")) {
        assertThat(owner).as("class of " + name).isNotNull();
        assertThat(testsOf(owner)).as(owner.getSimpleName()).contains(name);
        tests++;
      }
    }
    assertThat(tests).isGreaterThan(80);
  }

  private static Set<String> testsOf(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)
          || method.isAnnotationPresent(ParameterizedTest.class)) {
        names.add(method.getName());
      }
    }
    return names;
  }
}
