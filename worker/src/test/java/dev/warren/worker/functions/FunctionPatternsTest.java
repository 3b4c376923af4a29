package dev.warren.worker.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionPatternsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          com.acme.**            | com.acme.Stats       | score
          com.acme.**            | com.acme.a.b.Stats   | score
          com.acme.**            | com.acme.Outer$Inner | new
          com.acme.*             | com.acme.Stats       | score
          com.acme.*             | com.acme.Outer$Inner | score
          com.acme.Stats         | com.acme.Stats       | anything
          com.acme.Stats::*      | com.acme.Stats       | anything
          com.acme.Stats::score  | com.acme.Stats       | score
          com.acme.Stats::sc*e   | com.acme.Stats       | score
          com.acme.Stats::new    | com.acme.Stats       | new
          com.*.Stats            | com.acme.Stats       | score
          com.**.Stats           | com.Stats            | score
          com.**.Stats           | com.a.Stats.b.Stats  | score
          **.Stats               | Stats                | score
          **.Stats::score        | a.b.Stats            | score
          **                     | Stats                | score
          **                     | a.b.Stats            | score
          *                      | Main                 | run
          math::*                | math                 | sqrt
          com.acme.*Stats*       | com.acme.MyStats2    | score
          """)
  void a_pattern_matches_its_functions(String pattern, String className, String method) {
    assertThat(FunctionPatterns.of(List.of(pattern)).matches(className, method)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          com.acme.**            | com.acme             | score
          com.acme.**            | com.acmeevil.Stats   | score
          com.acme.**            | com.Acme.Stats       | score
          com.acme.*             | com.acme.a.Stats     | score
          com.acme.*             | com.acme             | score
          com.acme.Stats         | com.acme.Stats$Inner | score
          com.acme.Stats         | com.acme.Stats2      | score
          com.acme.Stats         | xcom.acme.Stats      | score
          com.acme.Stats::score  | com.acme.Stats       | scores
          com.acme.Stats::score  | com.acme.Stats       | lambda$score$0
          com.*.Stats            | com.a.b.Stats        | score
          com.**.Stats           | com.a.Stats.b        | score
          *                      | a.Main               | run
          com.acme.**            | com/acme/Stats       | x
          """)
  void a_pattern_matches_nothing_else(String pattern, String className, String method) {
    assertThat(FunctionPatterns.of(List.of(pattern)).matches(className, method)).isFalse();
  }

  @Test
  void only_a_pattern_without_wildcard_names_a_method() {
    FunctionPatterns patterns = FunctionPatterns.of(List.of("com.acme.**", "a.B::c", "a.D::*"));
    assertThat(patterns.names("a.B", "c")).isTrue();
    assertThat(patterns.names("a.B", "d")).isFalse();
    assertThat(patterns.names("a.D", "c")).isFalse();
    assertThat(patterns.names("com.acme.Stats", "score")).isFalse();
  }

  @Test
  void without_patterns_nothing_matches() {
    assertThat(FunctionPatterns.NONE.matches("a.B", "c")).isFalse();
    assertThat(FunctionPatterns.of(List.of()).isEmpty()).isTrue();
  }

  @Test
  void allow_treats_a_final_star_as_the_package_and_its_subpackages() {
    FunctionPatterns allow = FunctionPatterns.ofAllow(List.of("java.util.*", "a.*::b", "x.Y::*"));
    assertThat(allow.texts()).containsExactly("java.util.**", "a.**::b", "x.Y::*");
    assertThat(allow.matches("java.util.concurrent.TimeUnit", "values")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "::score",
        "com.acme.Stats::",
        "com/acme/**",
        "com.acme.",
        ".com",
        "com..acme",
        "com.acme**",
        "***",
        "com.acme.Stats:score",
        "com.acme.Stats::score(int)",
        "com.acme.Stats::**",
        "com.acme.Stats score",
        "a::b::c"
      })
  void a_malformed_pattern_is_refused_with_the_valid_forms(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FunctionPatterns.of(List.of("com.acme.**", text)))
        .withMessageStartingWith("function pattern '" + text + "': ")
        .withMessageContaining("com.acme.Stats::score");
  }

  @Test
  void a_long_hostile_name_is_matched_quickly() {
    FunctionPatterns patterns = FunctionPatterns.of(List.of("**.a.**.a.**.a.**.b", "*a*a*a*a*b"));
    String name = "a.".repeat(30_000) + "c";
    assertThat(patterns.matches(name, "x")).isFalse();
    assertThat(patterns.matches("a".repeat(60_000), "x")).isFalse();
  }
}
