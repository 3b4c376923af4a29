package dev.warren.worker.child.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Values;
import dev.warren.task.Fn1;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.child.TestFunctions;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FunctionFinderTest {
  private static final String F = TestFunctions.class.getName() + "::";
  private final FunctionFinder everything = finder(null, List.of());

  @Test
  void finds_static_instance_and_constructor_functions() throws Throwable {
    assertThat(call(everything, F + "add", "[1,2]")).isEqualTo(3);
    assertThat(call(everything, F + "twice(J)J", "[4]")).isEqualTo(8L);
    assertThat(call(everything, "java.lang.String::length", "[\"abc\"]")).isEqualTo(3);
    assertThat(call(everything, "java.lang.StringBuilder::new(Ljava/lang/String;)V", "[\"x\"]"))
        .hasToString("x");
    assertThat(call(everything, "java.util.ArrayList::size", "[[1,2,3]]")).isEqualTo(3);
    assertThat(call(everything, "java.util.List::isEmpty", "[[]]")).isEqualTo(true);
  }

  @Test
  void finds_a_lambda_by_its_synthetic_name_in_the_same_build_only() throws Throwable {
    SerializedLambda lambda = serialized(TestFunctions.lambda(5));
    String name = F + lambda.getImplMethodName() + lambda.getImplMethodSignature();
    String digest = FunctionRef.digestOf(TestFunctions.class);
    assertThat(digest).matches("sha256:[0-9a-f]{64}");
    Overloads found = everything.find(FunctionRef.parse(name, digest));
    Payload captured = Payload.of("[5]");
    Payload own = Payload.of("[1]");
    TargetMethod callee = found.select(captured, own, true);
    assertThat(callee.invoke(Arguments.read(callee, captured, own, true))).isEqualTo(6);
    assertThatThrownBy(() -> everything.find(FunctionRef.parse(name, "sha256:00")))
        .hasMessageContaining("worker runs another build of " + TestFunctions.class.getName());
  }

  @Test
  void the_number_or_kind_of_arguments_decides_between_overloads() throws Throwable {
    assertThat(call(everything, F + "kind", "[\"a\"]")).isEqualTo("text a");
    assertThat(call(everything, F + "kind", "[true]")).isEqualTo("truth true");
    assertThat(call(everything, F + "twice", "[\"ab\"]")).isEqualTo("abab");
    assertThat(rejection(F + "twice", "[1]"))
        .isEqualTo(
            F
                + "twice is ambiguous, these accept the arguments: twice(int), twice(long);"
                + " select one by its descriptor, as in java.lang.Math::abs(I)I");
    assertThat(rejection(F + "kind", "[1]"))
        .contains("arguments [1] cannot be converted for any of", "kind(String)", "kind(boolean)");
    assertThat(rejection(F + "kind", "[1,2,3]")).contains("does not accept 3 arguments; there is");
  }

  @Test
  void reports_errors_in_a_name() {
    assertThat(rejection("com.acme.Nothing::run", "[]"))
        .isEqualTo("unknown class com.acme.Nothing: it is not on the child's class path");
    assertThat(rejection(F + "incremnt", "[]"))
        .contains("unknown method " + F + "incremnt: did you mean increment?");
    assertThat(rejection(F + "xyz", "[]")).contains("; the class has add, ", " more");
    assertThat(rejection(F + "add(D)D", "[1]"))
        .isEqualTo(F + "add has no signature (D)D; there is add(int, int)");
    assertThat(rejection("java.lang.Number::new", "[]")).contains("unknown method");
  }

  @Test
  void reports_errors_in_arguments() {
    assertThat(rejection(F + "add", "[1]"))
        .isEqualTo(F + "add takes 2 arguments, as add(int, int); it was given 1");
    assertThat(rejection(F + "nothing", "[1]")).contains("takes no argument", "was given 1");
    assertThat(rejection(F + "add", "[1,\"x\"]"))
        .startsWith("argument 2 of " + F + "add (int) does not convert: \"x\": ");
    assertThat(rejection(F + "add", "[1,null]"))
        .isEqualTo("argument 2 of " + F + "add (int) does not convert: null for a primitive type");
    assertThat(rejection(F + "increment", "[1.5]")).contains("(int) does not convert: 1.5: ");
    assertThat(rejection(F + "increment", "[99999999999]")).contains("99999999999", "out of range");
    assertThat(rejection(F + "echoPoints", "[[{\"x\":\"" + "y".repeat(200) + "\"}]]"))
        .contains("(java.util.List<" + TestFunctions.Point.class.getName() + ">)", "… (")
        .hasSizeLessThan(600);
    assertThat(rejection(F + "add", "{\"a\":1}"))
        .isEqualTo("arguments are not a JSON array: {\"a\":1}");
    assertThat(rejection(F + "add", "[1,")).startsWith("arguments are not JSON: [1,: ");
    assertThat(rejection(F + "add", "")).startsWith("arguments are not a JSON array");
    assertThat(rejection(F + "add", "[1,2] [3]")).startsWith("more than one array");
  }

  private static FunctionFinder finder(@Nullable List<String> appPath, List<String> allow) {
    return new FunctionFinder(
        AllowedCode.of(appPath, List.of(), allow),
        FunctionFinderTest.class.getClassLoader(),
        Values::standard);
  }

  private static @Nullable Object call(FunctionFinder finder, String fn, String args)
      throws Throwable {
    Payload line = Payload.of(args);
    TargetMethod callee = finder.find(FunctionRef.parse(fn, null)).select(null, line, true);
    return callee.invoke(Arguments.read(callee, null, line, true));
  }

  private String rejection(String fn, String args) {
    try {
      call(everything, fn, args);
    } catch (Rejection e) {
      return String.valueOf(e.getMessage());
    } catch (Throwable e) {
      throw new AssertionError("not rejected but threw", e);
    }
    throw new AssertionError("not rejected: " + fn + args);
  }

  private static SerializedLambda serialized(Fn1<Integer, Integer> lambda) throws Exception {
    Method method = lambda.getClass().getDeclaredMethod("writeReplace");
    method.setAccessible(true);
    return (SerializedLambda) method.invoke(lambda);
  }
}
