package dev.warren.worker.child.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Values;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.child.TestFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The fast path of arguments returns what the general path returns, or leaves the call to it. */
class PlainValuesTest {
  private static final String F = TestFunctions.class.getName() + "::";
  private static final List<String> ODD =
      List.of(
          "0",
          "-0",
          "00",
          "01",
          "-",
          "",
          "1e3",
          "1E-2",
          "1.",
          ".5",
          "-0.0",
          "0.0",
          "1.50",
          "-1.5e1",
          "2147483647",
          "2147483648",
          "-2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "999999999999999999",
          "1000000000000000000",
          "9007199254740993",
          "9007199254740992.5",
          "0.1",
          "123456789012345678.9",
          "0.30000000000000004",
          "0.000000000000000001",
          "true",
          "false",
          "null",
          "truex",
          "\"\"",
          "\"a b\"",
          "\"a\\nb\"",
          "\"é\"",
          "\"\\u0041\"",
          "\"a",
          "\"\t\"",
          "\"\u007f\"",
          "[1]",
          "{}",
          " 7",
          "7 ",
          "NaN");
  private final FunctionFinder finder =
      new FunctionFinder(
          AllowedCode.of(null, List.of(), List.of()),
          PlainValuesTest.class.getClassLoader(),
          Values::standard);

  @Test
  void arguments_are_equal_on_both_paths() {
    List<String> values = new ArrayList<>(ODD);
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      values.add(Long.toString(random.nextLong() >> random.nextInt(64)));
      values.add(Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(12))));
      values.add(random.nextInt(100_000) + "." + random.nextInt(100_000_000));
    }
    int shortened = 0;
    for (String method : List.of("increment", "negate", "half", "not", "upper")) {
      TargetMethod callee = callee(method);
      for (String value : values) {
        shortened += agree(callee, "[" + value + "]");
      }
    }
    assertThat(shortened).isGreaterThan(10_000);
  }

  @Test
  void several_arguments_are_separated() {
    TargetMethod add = callee("add");
    assertThat(agree(add, "[1,2]")).isEqualTo(1);
    assertThat(agree(add, "[1, 2]")).isEqualTo(1);
    for (String line :
        List.of("[1]", "[1,2,3]", "[1,,2]", "[1 2]", "[1,2", "1,2", "[1,2] ", "[1,2]]", "[]", "")) {
      assertThat(agree(add, line)).as(line).isZero();
    }
  }

  /** Returns 1 if the fast path was used, 0 if it left the call to the general path. */
  private int agree(TargetMethod callee, String json) {
    Payload line = Payload.of("{}" + json + "[7]");
    Payload part = line.slice(2, line.length() - 3);
    @Nullable Object[] quick = callee.json().readPlain(part);
    if (quick == null) {
      return 0;
    }
    assertThat(quick).as(json).isEqualTo(Arguments.readAny(callee, null, part, true));
    return 1;
  }

  private TargetMethod callee(String method) {
    return finder.find(FunctionRef.parse(F + method, null)).select(null, Payload.of("[1]"), true);
  }
}
