package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionLookupTest {
  private static final String SAMPLES = Samples.class.getName();

  /** Functions to find. Its static initialiser must not run. */
  @SuppressWarnings("unused")
  static final class Samples {
    static final boolean INITIALISED = Initialised.mark();

    static int one(int a) {
      return a;
    }

    static int two(int a, List<String> b) {
      return a;
    }

    static int many(int a) {
      return a;
    }

    static int many(String a) {
      return 0;
    }

    static int none() {
      return 0;
    }

    int instance(int a) {
      return a;
    }
  }

  static final class Initialised {
    static boolean samples;

    private Initialised() {}

    static boolean mark() {
      samples = true;
      return true;
    }
  }

  private static Function find(String text) {
    return new FunctionLookup(List.of()).find(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one|1|(I)I",
        "two|2|(ILjava/util/List;)I",
        "none|0|()I",
        "instance|2|(I)I",
        "many(int)|1|(I)I",
        "many(String)|1|(Ljava/lang/String;)I",
        "many(java.lang.String)|1|(Ljava/lang/String;)I",
        "many(I)I|1|(I)I",
        "two(int, java.util.List<java.lang.String>)|2|(ILjava/util/List;)I",
        "new|0|()V",
      })
  void a_function_is_found_with_its_signature_and_arity(String name, int arity, String signature) {
    Function function = find(SAMPLES + "::" + name);
    assertThat(function.arity()).isEqualTo(arity);
    assertThat(function.ref().descriptor()).isEqualTo(signature);
    assertThat(function.ref().className()).isEqualTo(SAMPLES);
  }

  @Test
  void a_lookup_does_not_initialise_the_class() {
    find(SAMPLES + "::one");
    assertThat(Initialised.samples).isFalse();
  }

  @Test
  void inherited_methods_count_and_overridden_ones_do_not() {
    assertThat(find("java.util.ArrayList::isEmpty").arity()).isEqualTo(1);
    assertThat(find("java.lang.String::chars").arity()).isEqualTo(1);
    assertThat(find("java.lang.Integer::toBinaryString").arity()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com.acme.Nothing::score|unknown class com.acme.Nothing: no --app is given",
        "java.lang.Math::squareroot|unknown method java.lang.Math::squareroot; the class has ",
        "score|--fn: not a function: 'score'; write com.acme.Stats::score",
        "java.lang.Math::abs|java.lang.Math::abs is ambiguous: there is ",
        "java.lang.Math::abs(String)|java.lang.Math::abs has no such parameters; there is ",
        "java.util.AbstractList::new|unknown method java.util.AbstractList::new",
      })
  void a_failed_lookup_lists_the_existing_functions(String text, String message) {
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> find(text))
        .withMessageStartingWith(message)
        .satisfies(
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.getMessage().lines()).hasSize(1);
            });
  }

  @Test
  void an_ambiguous_name_shows_how_to_write_it() {
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> find(SAMPLES + "::many"))
        .withMessageContaining("many(int)")
        .withMessageContaining("many(String)")
        .withMessageMatching(".*; add its parameters, as in --fn '.*::many\\(\\w+\\)'");
  }
}
