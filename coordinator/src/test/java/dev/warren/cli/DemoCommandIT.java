package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.task.Payload;
import dev.warren.testing.SharedBroker;
import dev.warren.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The way of the demo as a person goes it, with a stand-in for its function and few jars. */
class DemoCommandIT {
  private static final int JARS = 60;

  @TempDir private Path folder;
  private Path jars = Path.of("");

  @BeforeEach
  void make_jars() throws IOException {
    jars = Files.createDirectory(folder.resolve("jars"));
    for (int i = 0; i < JARS; i++) {
      try (ZipOutputStream zip =
              new ZipOutputStream(Files.newOutputStream(jars.resolve("lib-" + i + ".jar")));
          InputStream in = DemoCommandIT.class.getResourceAsStream("DemoCommandIT.class")) {
        assertThat(in).isNotNull();
        zip.putNextEntry(new ZipEntry("shared/Class" + i / 2 + ".class"));
        in.transferTo(zip);
      }
    }
    Files.writeString(jars.resolve("broken.jar"), "no jar at all");
  }

  private Result demo(String... options) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("demo", "--jars", jars.toString()));
    args.addAll(List.of("--max-tasks-per-child", "7", "--processes", "2"));
    args.addAll(List.of(options));
    return WarrenProcess.run(folder, "", args.toArray(new String[0]));
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
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("61 of 61 calls answered, 0 failed, 0 twice");
    assertThat(result.out()).containsPattern("children: \\d+ started, [1-9]\\d* replaced by plan");
    assertThat(result.out()).contains("classes in more than one jar").contains("broken.jar: ");
    checkReport();
  }

  @Test
  void the_same_over_a_broker_with_two_worker_processes_of_its_own() throws Exception {
    Result result = demo("--broker", SharedBroker.get().uri(), "--pool", "demo-it");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("61 of 61 calls answered, 0 failed, 0 twice");
    assertThat(result.out()).containsPattern("children: [1-9]\\d* replaced by plan");
    checkReport();
  }
}
