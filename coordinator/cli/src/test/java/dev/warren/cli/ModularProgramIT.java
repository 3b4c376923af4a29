package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RepositoryFiles;
import dev.warren.testkit.TestJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program on the module path, which sees only what Warren's modules export. */
@Timeout(600)
class ModularProgramIT {
  /** The jars that an application with warren-pool has. */
  private static final Pattern LIBRARIES =
      Pattern.compile(
          "(warren-(common|worker|pool)|amqp-client|jackson-.*|slf4j-api|resilience4j-core"
              + "|jspecify|error_prone_annotations)-\\d.*");

  @TempDir private Path folder;

  private Path modules() throws IOException {
    Path modules = Files.createDirectory(folder.resolve("modules"));
    try (Stream<Path> jars = Files.list(RepositoryFiles.programJars())) {
      for (Path jar : jars.toList()) {
        String name = jar.getFileName().toString();
        if (LIBRARIES.matcher(name).matches()) {
          Files.copy(jar, modules.resolve(name));
        }
      }
    }
    return modules;
  }

  private Path compiled(Path modules, String opens, String body) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/com/acme"));
    Files.writeString(
        folder.resolve("source/module-info.java"),
        "module com.acme { requires dev.warren.pool; " + opens + " }");
    Path main =
        Files.writeString(
            source.resolve("Main.java"),
            """
            package com.acme;
            import dev.warren.pool.Pool;
            import dev.warren.task.TaskContext;
            import java.util.List;
            public final class Main {
              public record Point(int x, int y) {}
              public static Point mirrored(Point point) {
                return new Point(-point.x(), TaskContext.current().attempt());
              }
              public static void main(String[] args) throws Exception {
                %s
              }
            }
            """
                .formatted(body));
    Path classes = folder.resolve("classes");
    int exit =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-d",
                classes.toString(),
                "--module-path",
                modules.toString(),
                folder.resolve("source/module-info.java").toString(),
                main.toString());
    return exit == 0 ? classes : Path.of("not compiled");
  }

  private String run(Path modules, Path classes) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process program =
        new ProcessBuilder(
                TestJava.command(
                    "--module-path", modules + ":" + classes, "-m", "com.acme/com.acme.Main"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(program.waitFor(180, TimeUnit.SECONDS)).isTrue();
    } finally {
      program.destroyForcibly();
    }
    return Files.readString(output);
  }

  @Test
  void a_modular_program_opens_its_package_and_calls_its_functions() throws Exception {
    Path modules = modules();
    Path classes =
        compiled(
            modules,
            "opens com.acme;",
            """
            try (Pool pool = Pool.builder().processes(1).open()) {
              System.out.println(pool.map(Main::mirrored, List.of(new Point(3, 4))));
            }
            """);
    assertThat(run(modules, classes)).contains("[Point[x=-3, y=1]]");
  }

  @Test
  void a_package_that_is_not_opened_is_named_with_the_remedy() throws Exception {
    Path modules = modules();
    Path classes =
        compiled(
            modules,
            "",
            """
            try (Pool pool = Pool.builder().processes(1).open()) {
              pool.map(Main::mirrored, List.of(new Point(3, 4)));
            } catch (IllegalArgumentException e) {
              System.out.println("refused: " + e.getMessage());
            }
            """);
    assertThat(run(modules, classes))
        .contains("refused: fn cannot be read: the descriptor of module com.acme must contain:")
        .contains("opens com.acme;");
  }

  @Test
  void what_is_not_for_users_cannot_be_used() throws Exception {
    Path modules = modules();
    assertThat(
            List.of(
                compiled(modules, "", "System.out.println(dev.warren.json.Lines.class);"),
                compiled(modules, "", "System.out.println(dev.warren.worker.Worker.class);")))
        .containsOnly(Path.of("not compiled"));
  }
}
