package dev.warren.worker.child.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Values;
import dev.warren.task.Payload;
import dev.warren.testkit.UserCode;
import dev.warren.wire.FunctionRef;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class with a method that names a type which is missing at run time. */
class LoneMethodsTest {
  private static final String STATS =
      """
      package com.acme;
      import java.util.*;
      public class Stats<X> extends Base {
        public enum Color { RED, GREEN }
        public record Point(int x, int y) {}
        private final int start;
        public Stats(int start) { this.start = start; }
        public Stats() { this(10); }
        public int getStart() { return start; }
        public static void run(com.missing.Pool pool) {}
        public com.missing.Pool made() { return null; }
        private static int hidden(com.missing.Pool pool, int n) { return n; }
        private static int secret(int n) { return n; }
        public static void main(String[] args) {}
        public static int twice(int n) { return 2 * n; }
        public static String twice(String text) { return text + text; }
        public static long xs(List<Point> points) {
          return points.stream().mapToLong(Point::x).sum();
        }
        public static <T extends Number> long most(Map<String, List<? extends T>> named) {
          return named.values().stream().flatMap(List::stream).mapToLong(Number::longValue).sum();
        }
        public static int count(Optional<Color>[] colors, int... more) {
          return colors.length * 10 + more.length;
        }
        public X echo(X value) { return value; }
        public int plus(int n) { return start + n; }
        public static int fail(int n) { throw new IllegalStateException("failed " + n); }
      }
      """;

  @TempDir Path folder;
  private Path app;
  private URLClassLoader loader;

  @BeforeEach
  void make() throws Exception {
    Path missing =
        new UserCode(folder.resolve("missing")).library("com.missing.Pool").jar("missing.jar");
    app =
        new UserCode(folder.resolve("app"))
            .against(missing)
            .add(
                "com.acme.Base",
                "package com.acme; public class Base { public static int inherited(int n) { return"
                    + " n + 7; } }")
            .add("com.acme.Stats", STATS)
            .jar("stats.jar");
    loader =
        new URLClassLoader(new URL[] {app.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }

  @AfterEach
  void close() throws Exception {
    loader.close();
  }

  @Test
  void the_other_methods_of_the_class_run() {
    assertThat(call("twice(I)I", "[4]")).isEqualTo("8");
    assertThat(call("twice", "[\"ab\"]")).isEqualTo("abab");
    assertThat(call("xs", "[[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]]")).isEqualTo("4");
    assertThat(call("most", "[{\"a\":[1,5],\"b\":[3]}]")).isEqualTo("9");
    assertThat(call("count", "[[\"RED\",null],[1,2,3]]")).isEqualTo("23");
    assertThat(call("inherited", "[1]")).isEqualTo("8");
    assertThat(call("new", "[3]")).startsWith("com.acme.Stats@");
    assertThat(call("fail", "[3]")).isEqualTo("java.lang.IllegalStateException: failed 3");
  }

  @Test
  void an_object_of_the_class_cannot_be_read_and_the_missing_type_is_named() {
    assertThat(call("plus", "[{},4]")).contains("does not convert", "com/missing/Pool");
    assertThat(call("echo", "[{},\"x\"]")).contains("does not convert", "com/missing/Pool");
  }

  @Test
  void the_method_with_the_missing_type_fails_naming_it() {
    for (String method : List.of("run", "made")) {
      assertThat(call(method, "[null]"))
          .isEqualTo(
              "com.acme.Stats::"
                  + method
                  + " needs com.missing.Pool, which is missing on this worker: add the library with"
                  + " --lib");
    }
  }

  @Test
  void the_same_methods_are_callable_as_in_any_other_class() {
    for (String method : List.of("secret", "hidden", "main", "getClass", "hashCode", "nothing")) {
      assertThat(call(method, "[1]"))
          .startsWith("unknown method com.acme.Stats::" + method)
          .doesNotContain("secret,", "hidden,", "main,");
    }
    assertThat(call("twicce", "[1]")).contains("did you mean twice?");
  }

  private String call(String method, String args) {
    FunctionFinder finder =
        new FunctionFinder(
            AllowedCode.of(List.of(app.toString()), List.of(), List.of()),
            loader,
            Values::standard);
    Payload line = Payload.of(args);
    try {
      TargetMethod callee =
          finder
              .find(FunctionRef.parse("com.acme.Stats::" + method, null))
              .select(null, line, true);
      return String.valueOf(callee.invoke(Arguments.read(callee, null, line, true)));
    } catch (Rejection e) {
      return String.valueOf(e.getMessage());
    } catch (Throwable e) {
      return e.toString();
    }
  }
}
