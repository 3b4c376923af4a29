package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.server.PrivateBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar of the application, on local: and over RabbitMQ. */
@Timeout(300)
class BootJarIT {
  private static final String SALE = "SALE Item99 5050";
  private static final Path JAR = Path.of("target", "shop.jar").toAbsolutePath();

  /** The program warren, as the build has put it together. */
  private static final Path PROGRAM =
      Path.of("../../../coordinator/cli/target/dist/lib").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private static Process start(Path output, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private String runJar(String uri) throws Exception {
    Path output = folder.resolve("shop.log");
    Process shop =
        start(output, List.of("-jar", JAR.toString(), "--warren.uri=" + uri, "--warren.processes=2"));
    try {
      assertThat(shop.waitFor(200, TimeUnit.SECONDS)).as("ended: %s", Files.readString(output)).isTrue();
      assertThat(shop.exitValue()).as(Files.readString(output)).isZero();
      return Files.readString(output);
    } finally {
      shop.destroyForcibly();
    }
  }

  @Test
  void java_jar_runs_calls_in_children_of_its_own() throws Exception {
    assertThat(runJar("local:")).contains(SALE);
  }

  @Test
  void a_worker_takes_the_boot_jar_as_its_app() throws Exception {
    try (PrivateBroker broker = PrivateBroker.start()) {
      String uri = broker.uri().replaceFirst("/$", "");
      Path log = folder.resolve("worker.log");
      Process worker =
          start(
              log,
              List.of(
                  "-cp",
                  PROGRAM + "/*",
                  "dev.warren.cli.WarrenMain",
                  "worker",
                  "--broker",
                  uri,
                  "--pool",
                  "shop",
                  "--app",
                  JAR.toString()));
      try {
        assertThat(runJar(uri + "?pool=shop")).contains(SALE);
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\nworker:\n" + Files.readString(log), e);
      } finally {
        worker.destroy();
        worker.waitFor(60, TimeUnit.SECONDS);
        worker.destroyForcibly();
      }
      assertThat(Files.readString(log)).contains("functions of --app may be called");
    }
  }
}
