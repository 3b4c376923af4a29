package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RepositoryFiles;
import dev.warren.testkit.SharedBroker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that were not started from a class path of files. */
@Timeout(300)
class LaunchersIT {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /** The jars of a modular application that uses Warren, and the folders of Warren's modules. */
  private static final Pattern MODULES =
      Pattern.compile(
          ".*/(amqp-client|jackson|slf4j-api|resilience4j|jspecify|error_prone_annotations)[^/]*\\.jar"
              + "|.*/warren-(common|worker|pool)-[^/]*(?<!-tests)\\.jar|.*/(common|worker|pool)/target/classes");

  @TempDir private Path folder;

  private record Ended(int code, String output) {}

  private Ended run(String input, String tool, String... arguments) throws Exception {
    Path in = Files.writeString(folder.resolve("input"), input);
    Path out = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      boolean ended = process.waitFor(200, TimeUnit.SECONDS);
      String output = Files.readString(out);
      assertThat(ended).as(output).isTrue();
      return new Ended(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String primes() {
    return RepositoryFiles.top()
        .resolve("examples/src/main/java/dev/warren/examples/Primes.java")
        .toString();
  }

  @Test
  void a_program_of_the_source_launcher_runs_calls_in_children() throws Exception {
    Ended ended = run("", "java", "-cp", CLASS_PATH, primes());
    assertThat(ended.output()).contains("52 of 1000 are prime");
    assertThat(ended.code()).isZero();
  }

  @Test
  void over_a_broker_a_function_of_the_source_launcher_is_refused_with_the_remedy()
      throws Exception {
    Ended ended = run("", "java", "-cp", CLASS_PATH, primes(), SharedBroker.uri("source"));
    assertThat(ended.output())
        .contains("exists only in the memory of this program")
        .contains("compile it to a file (javac -d classes …)");
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  void snippets_of_jshell_run_in_children_and_redefined_ones_are_refused() throws Exception {
    Ended ended =
        run(
            """
            int twice(int n) { return 2 * n; }
            record Pair(int a, String b) {}
            var pool = dev.warren.pool.Pool.builder().processes(1).open()
            pool.map(n -> new Pair(twice(n), "x"), java.util.List.of(21))
            int twice(int n) { return 1000 * n; }
            pool.map(n -> twice(n), java.util.List.of(21))
            pool.close()
            pool = dev.warren.pool.Pool.builder().processes(1).open()
            pool.map(n -> twice(n), java.util.List.of(21))
            pool.close()
            /exit
            """,
            "jshell",
            "--class-path",
            CLASS_PATH);
    assertThat(ended.output())
        .contains("[Pair[a=42, b=x]]")
        .contains("was redefined after the pool's children could load it")
        .contains("[21000]");
  }

  @Test
  void a_modular_program_runs_from_a_folder_of_modules() throws Exception {
    Path modules = Files.createDirectory(folder.resolve("mods"));
    for (String entry : CLASS_PATH.split(File.pathSeparator, -1)) {
      if (MODULES.matcher(entry).matches()) {
        Files.createSymbolicLink(
            modules.resolve(entry.replace('/', '-').substring(1)), Path.of(entry));
      }
    }
    compileModule(modules);
    Ended ended = run("", "java", "-p", modules.toString(), "-m", "acme.app/acme.app.Main");
    assertThat(ended.output()).contains("[Item[name=A, count=2], Item[name=B, count=4]]");
    assertThat(ended.code()).isZero();
  }

  private void compileModule(Path modules) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src/acme/app"));
    Files.writeString(
        folder.resolve("src/module-info.java"),
        "module acme.app { requires dev.warren.pool; opens acme.app; }");
    Files.writeString(
        sources.resolve("Main.java"),
        """
        package acme.app;

        import dev.warren.pool.Pool;
        import java.util.List;

        public class Main {
          public record Item(String name, int count) {}

          static Item twice(Item item) {
            return new Item(item.name().toUpperCase(), 2 * item.count());
          }

          public static void main(String[] args) {
            try (Pool pool = Pool.builder().processes(1).open()) {
              System.out.println(
                  pool.map(Main::twice, List.of(new Item("a", 1), new Item("b", 2))));
            }
          }
        }
        """);
    try (Stream<Path> files = Files.walk(folder.resolve("src"))) {
      List<String> arguments =
          new ArrayList<>(
              List.of("-p", modules.toString(), "-d", modules.resolve("acme.app").toString()));
      files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      assertThat(code).isZero();
    }
  }
}
