package dev.warren.worker.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.testkit.UserCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker does with its --app before it starts: lists it, or refuses it. */
class AppCodeTest {
  @TempDir Path folder;
  private int programs;

  private UserCode program() {
    return new UserCode(folder.resolve("program" + ++programs));
  }

  private static List<String> texts(AppCode code) {
    return code.functions().stream().map(CallableFunction::text).toList();
  }

  private static AppCode code(Path... app) throws IOException {
    return AppCode.of(Arrays.asList(app), List.of());
  }

  private static void assertRefused(String reason, String option, Path... app) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> code(app))
        .withMessageContaining(reason)
        .withMessageContaining("--functions '" + option + "'")
        .withMessageNotContaining("\n");
  }

  @Test
  void a_thin_jar_lists_callable_functions_in_the_form_for_fn() throws IOException {
    Path jar =
        program()
            .add(
                "com.acme.Stats",
                """
                package com.acme;
                import java.util.*;
                public abstract class Stats {
                  public static double score(int n, List<String> names, Map.Entry<?, ?>[][] more) {
                    return n;
                  }
                  static boolean isPrime(long n) { return true; }
                  private static int hidden(int n) { return n; }
                  public static void main(String[] args) { Runnable r = () -> hidden(1); }
                  static { hidden(2); }
                  Stats() {}
                  public record Point(int x) {
                    private Point(int x, int y) { this(x); }
                  }
                }
                """)
            .jar("stats.jar");
    assertThat(texts(code(jar)))
        .containsExactly(
            "com.acme.Stats::isPrime(long)",
            "com.acme.Stats::score(int,List,Entry[][])",
            "com.acme.Stats$Point::equals(Object)",
            "com.acme.Stats$Point::hashCode()",
            "com.acme.Stats$Point::new(int)",
            "com.acme.Stats$Point::toString()",
            "com.acme.Stats$Point::x()");
    AppCode narrowed =
        AppCode.of(List.of(jar), List.of("com.acme.Stats::hidden", "com.acme.Stats::sco*"));
    assertThat(texts(narrowed))
        .containsExactly(
            "com.acme.Stats::hidden(int)", "com.acme.Stats::score(int,List,Entry[][])");
  }

  @Test
  void thin_code_needs_no_option() throws IOException {
    assertThat(texts(code(program().library("com.acme.A").library("com.acme.b.C").jar("a.jar"))))
        .hasSize(4);
    assertThat(texts(code(program().library("Main").jar("default.jar")))).hasSize(2);
    assertThat(texts(code(program().library("shop.a.A").library("shop.b.B").jar("shop.jar"))))
        .hasSize(4);
    assertThat(
            texts(code(program().library("uk.co.acme.A").library("uk.co.acme.b.B").jar("u.jar"))))
        .hasSize(4);
    UserCode exploded = program().library("com.acme.A").library("com.acme.io.files.B");
    exploded.jar("unused.jar");
    assertThat(texts(code(exploded.classes()))).hasSize(4);
    assertThat(texts(code(program().file("readme.txt", new byte[1]).jar("empty.jar")))).isEmpty();
    assertThat(texts(code())).isEmpty();
  }

  @Test
  void one_owners_code_may_be_several_jars_and_artifacts() throws IOException {
    Path one =
        program().library("com.acme.a.A").file(pom("com.acme.tools", "a"), text()).jar("a.jar");
    Path two = program().library("com.acme.b.B").file(pom("com.acme", "b"), text()).jar("b.jar");
    Path examples =
        program()
            .library("dev.warren.examples.Primes")
            .file(pom("dev.warren", "warren-examples"), text())
            .jar("warren-examples.jar");
    assertThat(texts(code(one, two, examples))).hasSize(6);
  }

  @Test
  void a_fat_jar_is_refused_with_the_line_to_write() throws IOException {
    Path byMain =
        program()
            .library("com.acme.stats.Stats")
            .library("com.acme.stats.util.U")
            .library("org.other.big.A")
            .library("org.other.big.B")
            .library("org.other.big.C")
            .manifest("Main-Class", "com.acme.stats.Stats")
            .jar("fat.jar");
    assertRefused("its packages have 2 origins (com.acme, org.other)", "com.acme.stats.**", byMain);
    Path byLibrary =
        program()
            .library("com.acme.Stats")
            .library("org.apache.commons.io.FileUtils")
            .library("org.apache.commons.io.IOUtils")
            .jar("fat2.jar");
    assertRefused("2 origins", "com.acme.**", byLibrary);
    Path byArtifact =
        program()
            .library("com.acme.Stats")
            .library("org.other.A")
            .library("org.other.B")
            .file(pom("com.acme", "stats"), text())
            .file(pom("org.other", "tools"), text())
            .jar("stats-1.0-all.jar");
    assertRefused("2 origins", "com.acme.**", byArtifact);
    Path twoOfOneHost =
        program().library("org.apache.beam.A").library("org.apache.commons.B").jar("apache.jar");
    assertRefused("2 origins", "org.apache.beam.**", twoOfOneHost);
    Path withDefault = program().library("Main").library("org.apache.commons.B").jar("main.jar");
    assertRefused("the default package", "*", withDefault);
    Path twoRoots = program().library("com.acme.A").library("net.own.B").jar("two.jar");
    assertRefused("2 origins (com.acme, net.own)", "com.acme.**", twoRoots);
  }

  private static String pom(String group, String artifact) {
    return "META-INF/maven/" + group + "/" + artifact + "/pom.properties";
  }

  private static byte[] text() {
    return new byte[] {'x'};
  }

  @Test
  void foreign_classes_under_the_users_package_are_refused() throws IOException {
    Path shaded =
        program()
            .library("com.acme.Stats")
            .library("com.acme.shaded.commons.io.FileUtils")
            .jar("shaded.jar");
    assertRefused("looks like a relocated library", "com.acme.**", shaded);
    Path relocated =
        program()
            .library("com.acme.stats.Stats")
            .library("com.acme.deps.org.apache.commons.io.FileUtils")
            .jar("relocated.jar");
    assertRefused("relocated", "com.acme.stats.**", relocated);
    Path artifacts =
        program()
            .library("com.acme.Stats")
            .file(pom("com.acme", "stats"), text())
            .file(pom("commons-io", "commons-io"), text())
            .jar("artifacts.jar");
    assertRefused("it contains 2 artifacts", "com.acme.**", artifacts);
    Path nested =
        program()
            .library("com.acme.Stats")
            .file("BOOT-INF/lib/commons-io.jar", text())
            .jar("boot.jar");
    assertRefused("contains further jars (BOOT-INF/lib/commons-io.jar)", "com.acme.**", nested);
  }

  @Test
  void of_an_executable_spring_boot_jar_only_its_own_classes_may_be_called() throws IOException {
    Path prices = program().library("com.acme.shop.Prices").classes();
    Path library = program().library("org.lib.Writer").jar("lib-1.0.jar");
    Path boot =
        program()
            .library("org.springframework.boot.loader.Launcher")
            .file(
                "BOOT-INF/classes/com/acme/shop/Prices.class",
                Files.readAllBytes(prices.resolve("com/acme/shop/Prices.class")))
            .file("BOOT-INF/lib/lib-1.0.jar", Files.readAllBytes(library))
            .manifest("Spring-Boot-Classes", "BOOT-INF/classes/")
            .manifest("Spring-Boot-Lib", "BOOT-INF/lib/")
            .jar("shop.jar");
    AppCode code = code(boot);
    assertThat(code.functions())
        .extracting(CallableFunction::className)
        .containsOnly("com.acme.shop.Prices");
    assertThat(code.libraryPath()).hasSize(1);
    assertThat(code.libraryPath().get(0))
        .hasFileName("lib-1.0.jar")
        .hasSameBinaryContentAs(library);
    assertThat(code(boot).callablePath()).isEqualTo(code.callablePath());
  }

  @Test
  void folders_of_jars_and_linked_folders_are_searched() throws IOException {
    Path own = program().library("com.acme.Stats").jar("stats.jar");
    Path library = program().library("org.apache.commons.io.FileUtils").jar("commons-io.jar");
    assertRefused("2 origins", "com.acme.**", own, library);
    UserCode exploded = program().library("com.acme.Stats");
    UserCode other = program().library("org.apache.commons.io.FileUtils");
    Files.createSymbolicLink(exploded.classes().resolve("org"), other.classes().resolve("org"));
    Files.createSymbolicLink(exploded.classes().resolve("loop"), exploded.classes());
    assertRefused("2 origins", "com.acme.**", exploded.classes());
    Path link = Files.createSymbolicLink(folder.resolve("link"), exploded.classes());
    assertRefused("2 origins", "com.acme.**", link);
  }

  @Test
  void classes_for_a_newer_java_in_a_multi_release_jar_count() throws IOException {
    UserCode hidden = program().library("org.apache.commons.io.FileUtils");
    byte[] bytes =
        Files.readAllBytes(hidden.classes().resolve("org/apache/commons/io/FileUtils.class"));
    Path jar =
        program()
            .library("com.acme.Stats")
            .manifest("Multi-Release", "true")
            .file("META-INF/versions/11/org/apache/commons/io/FileUtils.class", bytes)
            .jar("multi.jar");
    assertRefused("2 origins", "com.acme.**", jar);
  }

  @Test
  void a_damaged_or_misplaced_class_hides_no_other_class() throws IOException {
    UserCode library = program().library("org.apache.commons.io.FileUtils");
    byte[] misplaced =
        Files.readAllBytes(library.classes().resolve("org/apache/commons/io/FileUtils.class"));
    Path jar =
        program()
            .library("com.acme.Stats")
            .library("org.apache.commons.lang.Z")
            .file("org/apache/commons/lang/A.class", new byte[] {1, 2, 3})
            .file("org/apache/commons/lang/B.class", misplaced)
            .file("com/acme/A.class", misplaced)
            .jar("damaged.jar");
    assertRefused("2 origins (com.acme, org.apache.commons)", "com.acme.**", jar);
    assertThat(texts(AppCode.of(List.of(jar), List.of("com.**"))))
        .containsExactly("com.acme.Stats::new()", "com.acme.Stats::twice(int)");
  }

  @Test
  void warrens_own_classes_are_never_listed() throws IOException {
    Path jar =
        program()
            .library("com.acme.Stats")
            .library("dev.warren.cli.WarrenMain")
            .library("dev.warren.pool.Pool")
            .library("dev.warren.examples.Primes")
            .jar("fat.jar");
    assertRefused("2 origins (com.acme, dev.warren)", "com.acme.**", jar);
    assertThat(texts(AppCode.of(List.of(jar), List.of("**"))))
        .containsExactly(
            "com.acme.Stats::new()",
            "com.acme.Stats::twice(int)",
            "dev.warren.examples.Primes::new()",
            "dev.warren.examples.Primes::twice(int)");
  }

  @Test
  void a_manifest_restricts_its_jar_and_makes_the_others_libraries() throws IOException {
    Path jar =
        program()
            .library("com.acme.Stats")
            .library("com.acme.Other")
            .library("org.apache.commons.io.FileUtils")
            .manifest("Warren-Functions", " com.acme.Stats::twice , com.acme.None ")
            .jar("fat.jar");
    Path library = program().library("org.other.A").jar("other.jar");
    AppCode code = code(jar, library);
    assertThat(texts(code)).containsExactly("com.acme.Stats::twice(int)");
    assertThat(code.callablePath()).containsExactly(jar);
    assertThat(code.libraryPath()).containsExactly(library);
    AppCode given = AppCode.of(List.of(jar, library), List.of("org.other.**"));
    assertThat(texts(given)).containsExactly("org.other.A::new()", "org.other.A::twice(int)");
  }

  @Test
  void patterns_that_match_nothing_are_an_error() throws IOException {
    Path jar = program().library("com.acme.Stats").jar("stats.jar");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AppCode.of(List.of(jar), List.of("com.acmee.**")))
        .withMessage("--functions 'com.acmee.**' matches no function of --app stats.jar");
  }
}
