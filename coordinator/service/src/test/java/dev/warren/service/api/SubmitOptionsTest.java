package dev.warren.service.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The parameters of a submission. */
class SubmitOptionsTest {
  private static Map<String, List<String>> given(String... pairs) {
    Map<String, List<String>> all = new HashMap<>();
    for (String pair : pairs) {
      String[] parts = pair.split("=", 2);
      all.merge(parts[0], List.of(parts[1]), (a, b) -> Arrays.asList(a.get(0), b.get(0)));
    }
    all.putIfAbsent("name", List.of("nightly"));
    all.putIfAbsent("function", List.of("com.acme.Stats::score"));
    return all;
  }

  private static void assertRefused(String message, String... pairs) {
    assertThatThrownBy(() -> SubmitOptions.read(given(pairs)))
        .as(String.join("&", pairs))
        .hasMessageContaining(message);
  }

  @Test
  void name_and_function_suffice() {
    assertThat(SubmitOptions.read(given()).name()).isEqualTo("nightly");
  }

  @Test
  void all_options_are_accepted() {
    SubmitOptions.read(
        given(
            "lines=text",
            "arity=1",
            "chunk=7",
            "keep=1d",
            "append=true",
            "restart=",
            "timeLimit=30s",
            "softTimeLimit=20s",
            "delay=5s",
            "expires=1h30m",
            "maxAttempts=3",
            "backoff=1s,1m",
            "retryOn=java.io.IOException,com.acme.E",
            "childLost=0",
            "hostLost=1",
            "priority=31",
            "window=10",
            "failFast=false",
            "strictJson=false"));
    SubmitOptions.read(given("notBefore=2030-01-31T08:00:00Z", "atMostOnce=true"));
  }

  @Test
  void wrong_values_are_named() {
    assertRefused("parameter function is missing", "function= ");
    assertRefused("job name is 'a/b'", "name=a/b");
    assertRefused("'x'", "function=x");
    assertRefused("unknown parameter 'time-limit'; did you mean timeLimit?", "time-limit=3s");
    assertRefused("unknown parameter 'fn'; known: append, arity", "fn=a::b");
    assertRefused("timeLimit is '30' is not a duration", "timeLimit=30");
    assertRefused("must be shorter than timeLimit", "timeLimit=1s", "softTimeLimit=2s");
    assertRefused("maxAttempts is 0; must be 1 to 1000", "maxAttempts=0");
    assertRefused("arity is '5'; must be a whole number, 1 to 4", "arity=5");
    assertRefused("priority is 'high'", "priority=high");
    assertRefused("append is 'yes'; must be true or false", "append=yes");
    assertRefused("lines is 'csv'", "lines=csv");
    assertRefused("retryOn has 'a b'", "retryOn=a b");
    assertRefused("notBefore is 'noon'", "notBefore=noon");
    assertRefused("given 2 times", "arity=1", "arity=2");
    assertRefused("set only one of them", "delay=1s", "notBefore=2030-01-31T08:00:00Z");
  }
}
