package dev.warren.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.WarrenProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.JsonNode;

/** The demo as a person runs it, from the jars that the build has just made, on a few jars. */
class DemoIT {
  private static final int JARS = 20;
  private static final long LIMIT_SECONDS = 240;

  @TempDir private Path folder;
  private Path jars = Path.of("");

  @BeforeEach
  void make_jars() throws IOException {
    jars = Files.createDirectory(folder.resolve("jars"));
    for (int i = 0; i < JARS; i++) {
      try (ZipOutputStream zip =
              new ZipOutputStream(Files.newOutputStream(jars.resolve("lib-" + i + ".jar")));
          InputStream in = DemoIT.class.getResourceAsStream("DemoIT.class")) {
        assertThat(in).isNotNull();
        zip.putNextEntry(new ZipEntry("shared/Class" + i / 2 + ".class"));
        in.transferTo(zip);
      }
    }
    Files.writeString(jars.resolve("broken.jar"), "no jar at all");
  }

  /** How a run ended. */
  private record Result(int exit, String out) {}

  private Result demo(String... options) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    List<String> command = WarrenProgram.command("demo", "--jars", jars.toString());
    command.addAll(List.of("--max-tasks-per-child", "7", "--processes", "2"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ended in time; it said: " + Files.readString(out)).isTrue();
    return new Result(process.exitValue(), Files.readString(out));
  }

  private void checkReport() throws IOException {
    Map<String, JsonNode> perJar = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("warren-demo.jsonl"))) {
      JsonNode jar = Json.read(Payload.of(line), JsonNode.class);
      perJar.put(Path.of(jar.get("jar").stringValue()).getFileName().toString(), jar);
    }
    assertThat(perJar).hasSize(JARS + 1);
    assertThat(perJar.get("broken.jar").get("problem").stringValue()).contains("zip");
    assertThat(perJar.get("lib-8.jar").get("classesAlsoElsewhere").intValue()).isEqualTo(1);
    assertThat(perJar.get("lib-8.jar").get("javaRelease").intValue()).isEqualTo(17);
  }

  @Test
  void every_jar_is_audited_in_children_of_this_machine() throws Exception {
    Result result = demo();
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out()).contains("21 of 21 calls answered, 0 failed, 0 twice");
    assertThat(result.out()).containsPattern("children: \\d+ started, [1-9]\\d* recycled");
    assertThat(result.out()).contains("classes in more than one jar").contains("broken.jar: ");
    checkReport();
  }

  @Test
  void the_same_over_a_broker_with_two_worker_processes_of_its_own() throws Exception {
    Result result = demo("--broker", SharedBroker.get().uri(), "--pool", "demo-it");
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out()).contains("21 of 21 calls answered, 0 failed, 0 twice");
    assertThat(result.out()).containsPattern("children: [1-9]\\d* recycled");
    checkReport();
  }

  @Tag("containers")
  @ParameterizedTest
  @ValueSource(strings = {"3.10", "4.0", "4.3"})
  void the_same_on_each_version_of_rabbitmq(String version) throws Exception {
    DockerImageName image = DockerImageName.parse("rabbitmq:" + version + "-management");
    try (RabbitMQContainer server = new RabbitMQContainer(image)) {
      server.start();
      Result result = demo("--broker", server.getAmqpUrl(), "--pool", "demo-it");
      assertThat(result.exit()).as(result.out()).isZero();
      assertThat(result.out()).contains("21 of 21 calls answered, 0 failed, 0 twice");
      checkReport();
    }
  }
}
