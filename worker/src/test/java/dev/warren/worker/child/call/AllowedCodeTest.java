package dev.warren.worker.child.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Values;
import dev.warren.task.Payload;
import dev.warren.testkit.UserCode;
import dev.warren.wire.FunctionRef;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which functions a child may run over a broker, with a user's jar and a library beside it. */
class AllowedCodeTest {
  private static final String STATS =
      """
      package com.acme;
      public class Stats extends com.library.Base {
        public static int twice(int n) { return 2 * n; }
        static int packagePrivate(int n) { return n + 1; }
        private static int hidden(int n) { return -n; }
        public static int main(int n) { return n; }
        public static void main(String[] args) {}
        public int plus(int n) { return n + 1; }
        public static java.util.function.IntUnaryOperator lambda() {
          return (java.util.function.IntUnaryOperator & java.io.Serializable) n -> n + 100;
        }
        private Stats(String secret) {}
        public Stats() {}
      }
      """;

  @TempDir Path folder;
  private Path lib;
  private Path app;
  private URLClassLoader loader;

  @BeforeEach
  void make() throws Exception {
    lib =
        new UserCode(folder.resolve("lib"))
            .add(
                "com.library.Base",
                "package com.library; public class Base {"
                    + " public static int inherited(int n) { return n; } public int own() { return"
                    + " 1; } }")
            .jar("library.jar");
    app =
        new UserCode(folder.resolve("app"))
            .against(lib)
            .add("com.acme.Stats", STATS)
            .add(
                "com.acme.inner.Child",
                "package com.acme.inner; public class Child extends com.acme.Stats {}")
            .library("Main")
            .jar("stats.jar");
    loader =
        new URLClassLoader(
            new URL[] {app.toUri().toURL(), lib.toUri().toURL()},
            ClassLoader.getPlatformClassLoader());
  }

  @AfterEach
  void close() throws Exception {
    loader.close();
  }

  @Test
  void a_users_methods_and_constructors_are_callable_without_any_pattern() {
    FunctionFinder finder = finder(List.of(), List.of());
    assertThat(call(finder, "com.acme.Stats::twice", "[4]")).isEqualTo("8");
    assertThat(call(finder, "com.acme.Stats::packagePrivate(I)I", "[4]")).isEqualTo("5");
    assertThat(call(finder, "com.acme.Stats::plus", "[{},4]")).isEqualTo("5");
    assertThat(call(finder, "com.acme.Stats::main", "[4]")).isEqualTo("4");
    assertThat(call(finder, "com.acme.Stats::new", "[]")).startsWith("com.acme.Stats@");
    assertThat(call(finder, "com.acme.inner.Child::twice", "[4]")).isEqualTo("8");
    assertThat(call(finder, "Main::twice", "[4]")).isEqualTo("8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.acme.Stats::hidden",
        "com.acme.Stats::hidden(I)I",
        "com.acme.Stats::main([Ljava/lang/String;)V",
        "com.acme.Stats::getClass",
        "com.acme.Stats::getClass()Ljava/lang/Class;",
        "com.acme.Stats::wait(J)V",
        "com.acme.Stats::hashCode",
        "com.acme.Stats::inherited",
        "com.acme.Stats::own",
        "com.acme.Stats::new(Ljava/lang/String;)V",
        "com.acme.Stats::lambda$lambda$7f5b8c42$1(I)I",
        "com.acme.Stats::$deserializeLambda$(Ljava/lang/invoke/SerializedLambda;)"
            + "Ljava/lang/Object;",
        "com.acme.Stats::nothing"
      })
  void never_callable_members_are_indistinguishable_from_missing_ones(String fn) {
    String answer = call(finder(List.of("**"), List.of()), fn, "[1]");
    String name = fn.replaceFirst("\\(.*", "");
    assertThat(answer)
        .matches(
            "unknown method \\Q"
                + name
                + "\\E(: did you mean [a-zA-Z]+\\?)?; .*|.* has no signature .*")
        .doesNotContain("hidden,", "getClass,", "inherited,", "Object");
  }

  @Test
  void private_members_are_callable_if_a_pattern_names_them() {
    FunctionFinder finder =
        finder(List.of("com.acme.Stats::hidden", "com.acme.Stats::new"), List.of());
    assertThat(call(finder, "com.acme.Stats::hidden", "[4]")).isEqualTo("-4");
    assertThat(call(finder, "com.acme.Stats::new(Ljava/lang/String;)V", "[\"x\"]"))
        .startsWith("com.acme.Stats@");
    assertThat(
            call(finder(List.of("com.acme.Stats::*"), List.of()), "com.acme.Stats::hidden", "[4]"))
        .startsWith("unknown method");
  }

  @Test
  void a_lambda_needs_the_digest_of_its_class_and_other_synthetic_methods_are_never_callable()
      throws Exception {
    Class<?> stats = Class.forName("com.acme.Stats", false, loader);
    String digest = FunctionRef.digestOf(stats);
    FunctionFinder finder = finder(List.of(), List.of());
    for (Method method : stats.getDeclaredMethods()) {
      String name = "com.acme.Stats::" + method.getName() + FunctionRef.descriptorOf(method);
      if (method.getName().startsWith("lambda$")) {
        assertThat(call(finder, name, "[1]")).startsWith("unknown method");
        assertThat(call(finder, name, digest, "[1]")).isEqualTo("101");
        assertThat(call(finder(List.of("com.acme.Stats::twice"), List.of()), name, digest, "[1]"))
            .contains("is not allowed here or does not exist");
      } else if (method.isSynthetic()) {
        assertThat(call(finder, name, digest, "[1]")).startsWith("unknown method");
      }
    }
    assertThat(call(finder, "com.acme.Stats::twice", "sha256:00", "[1]"))
        .contains("runs another build");
  }

  @Test
  void unknown_and_disallowed_functions_get_the_same_answer() {
    FunctionFinder thin = finder(List.of(), List.of());
    FunctionFinder narrowed = finder(List.of("com.acme.inner.**"), List.of());
    String answer = "X is not allowed here or does not exist: ";
    for (FunctionFinder finder : List.of(thin, narrowed)) {
      for (String fn :
          List.of(
              "com.nowhere.Nothing::run",
              "com.library.Base::inherited",
              "com.library.Base::nothing",
              "java.lang.Runtime::getRuntime",
              "java.lang.Runtime::nothing",
              "java.lang.Math::max(II)I",
              "dev.warren.worker.child.ChildMain::main",
              "dev.warren.worker.child.Nothing::main",
              "[Lcom.acme.Stats;::clone",
              "com/acme/Stats::twice",
              "..com.acme.Stats::twice",
              "com.acme.Nothing::twice")) {
        String name = fn.replaceFirst("\\(.*", "");
        assertThat(call(finder, fn, "[1]").replace(name, "X")).as(fn).startsWith(answer);
      }
    }
    String unknown = call(narrowed, "com.acme.Stats::nothing", "[1]");
    String known = call(narrowed, "com.acme.Stats::twice", "[1]");
    assertThat(known.replace("twice", "nothing")).isEqualTo(unknown);
    assertThat(unknown)
        .isEqualTo(call(narrowed, "com.acme.Nil::nothing", "[1]").replace("Nil", "Stats"));
  }

  @Test
  void allow_adds_classes_outside_the_app_and_does_not_narrow_it() {
    FunctionFinder finder = finder(List.of(), List.of("java.lang.Math::*", "com.library.Base"));
    assertThat(call(finder, "java.lang.Math::max(II)I", "[1,2]")).isEqualTo("2");
    assertThat(call(finder, "com.library.Base::inherited", "[3]")).isEqualTo("3");
    assertThat(call(finder, "com.acme.Stats::inherited", "[3]")).isEqualTo("3");
    assertThat(call(finder, "com.acme.Stats::twice", "[3]")).isEqualTo("6");
    assertThat(call(finder, "java.lang.Runtime::getRuntime", "[]")).contains("not allowed here");
  }

  @Test
  void warrens_own_classes_are_never_callable_even_inside_the_app() throws Exception {
    Path fat =
        new UserCode(folder.resolve("fat"))
            .library("com.acme.Other")
            .library("dev.warren.cli.WarrenMain")
            .library("dev.warren.anything.Else")
            .library("dev.warren.examples.Primes")
            .jar("fat.jar");
    try (URLClassLoader fatLoader = new URLClassLoader(new URL[] {fat.toUri().toURL()})) {
      AllowedCode rules =
          AllowedCode.of(
              List.of(fat.toString()), List.of("**", "dev.warren.**"), List.of("dev.warren.**"));
      FunctionFinder finder = new FunctionFinder(rules, fatLoader, Values::standard);
      assertThat(call(finder, "dev.warren.cli.WarrenMain::twice", "[1]")).contains("not allowed");
      assertThat(call(finder, "dev.warren.anything.Else::twice", "[1]")).contains("not allowed");
      assertThat(call(finder, "dev.warren.worker.child.ChildMain::main", "[1]"))
          .contains("not allowed");
      assertThat(call(finder, "dev.warren.examples.Primes::twice", "[1]")).isEqualTo("2");
      assertThat(call(finder, "com.acme.Other::twice", "[1]")).isEqualTo("2");
    }
  }

  @Test
  void a_library_below_the_app_or_linked_from_it_is_not_callable() throws Exception {
    Path classes = Files.createDirectories(folder.resolve("exploded"));
    Path below = Files.copy(lib, classes.resolve("library.jar"));
    Path link = Files.createSymbolicLink(folder.resolve("link.jar"), app);
    try (URLClassLoader other =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL(), below.toUri().toURL(), link.toUri().toURL()},
            ClassLoader.getPlatformClassLoader())) {
      FunctionFinder finder =
          new FunctionFinder(
              AllowedCode.of(List.of(classes.toString(), app.toString()), List.of(), List.of()),
              other,
              Values::standard);
      assertThat(call(finder, "com.library.Base::inherited", "[1]")).contains("not allowed here");
      assertThat(call(finder, "com.acme.Stats::twice", "[1]")).isEqualTo("2");
    }
  }

  @Test
  void a_shadowed_class_is_not_the_apps() throws Exception {
    Path shadow =
        new UserCode(folder.resolve("shadow")).library("com.acme.Stats").jar("shadow.jar");
    try (URLClassLoader shadowed =
        new URLClassLoader(
            new URL[] {shadow.toUri().toURL(), app.toUri().toURL(), lib.toUri().toURL()},
            ClassLoader.getPlatformClassLoader())) {
      FunctionFinder finder =
          new FunctionFinder(
              AllowedCode.of(List.of(app.toString()), List.of(), List.of()),
              shadowed,
              Values::standard);
      assertThat(call(finder, "com.acme.Stats::twice", "[1]")).contains("not allowed here");
    }
  }

  private FunctionFinder finder(List<String> functions, List<String> allow) {
    return new FunctionFinder(
        AllowedCode.of(List.of(app.toString()), functions, allow), loader, Values::standard);
  }

  private static String call(FunctionFinder finder, String fn, String args) {
    return call(finder, fn, null, args);
  }

  /** Returns the value, or the message of the rejection. */
  private static String call(
      FunctionFinder finder, String fn, @Nullable String digest, String args) {
    Payload line = Payload.of(args);
    try {
      TargetMethod callee = finder.find(FunctionRef.parse(fn, digest)).select(null, line, true);
      return String.valueOf(callee.invoke(Arguments.read(callee, null, line, true)));
    } catch (Rejection e) {
      assertThat(e.getCause() == null || e.getMessage().startsWith("argument")).isTrue();
      return String.valueOf(e.getMessage());
    } catch (Throwable e) {
      throw new AssertionError(fn, e);
    }
  }
}
