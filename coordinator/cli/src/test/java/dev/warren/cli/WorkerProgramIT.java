package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.PoolNames;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.UserCode;
import dev.warren.wire.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The worker program as an orchestrator sees it: its log, its probes, its exit codes. */
@Timeout(600)
class WorkerProgramIT {
  private static final String APP =
      """
      package com.acme;
      public class Loud {
        public static int shout(int lines) {
          for (int i = 0; i < lines; i++) System.out.println("line " + i + " " + "x".repeat(200));
          return lines;
        }
        public static String print(String text) { System.out.println(text); return text; }
      }
      """;

  @TempDir private Path folder;
  private Path app;

  @BeforeEach
  void compile() throws IOException {
    app = new UserCode(folder.resolve("program")).add("com.acme.Loud", APP).classes();
  }

  private String[] options(String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("worker", "--app", app.toString(), "--processes", "1", "--spares", "0"));
    options.addAll(Arrays.asList(more));
    return options.toArray(String[]::new);
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofMinutes(3));
  }

  private static ForeignProducer producer() throws Exception {
    return ForeignProducer.connect(SharedBroker.get().uri().replaceFirst("/$", ""));
  }

  private static void call(ForeignProducer producer, String pool, String id, String fn, String args)
      throws IOException {
    Map<String, Object> headers = Map.of(Headers.WARREN_VERSION, 1, Headers.FUNCTION, fn);
    producer.send(new PoolNames(pool).tasks(), id, headers, args);
  }

  @Test
  void a_log_that_nobody_reads_stops_neither_calls_nor_the_drain() throws Exception {
    Path ready = folder.resolve("ready");
    Map<String, String> settings =
        Map.of("WARREN_BROKER", SharedBroker.uri("unread"), "WARREN_READY_FILE", ready.toString());
    try (ForeignProducer producer = producer();
        WarrenProcess worker = WarrenProcess.startUnread(folder, settings, options())) {
      soon().until(() -> Files.exists(ready));
      for (int i = 0; i < 20; i++) { // 20 × 200 kB; a pipe holds 64 kB
        call(producer, "unread", "call-" + i, "com.acme.Loud::shout", "[1000]");
      }
      soon().until(() -> producer.answers().size() == 20);
      worker.signal("TERM");
      assertThat(worker.await().exit()).isZero();
    }
  }

  @Test
  void probes_tell_a_worker_without_a_broker_from_one_that_hangs() throws Exception {
    Path alive = folder.resolve("probes/alive");
    Path ready = folder.resolve("probes/ready");
    try (FaultyProxy proxy = FaultyProxy.to(SharedBroker.get().port())) {
      String uri =
          SharedBroker.uri("probes").replace(":" + SharedBroker.get().port(), ":" + proxy.port());
      proxy.refuse();
      String[] options =
          options("--health-file", alive.toString(), "--ready-file", ready.toString());
      try (WarrenProcess worker =
          WarrenProcess.start(folder, "", Map.of("WARREN_BROKER", uri), options)) {
        soon().until(() -> Files.exists(alive));
        assertThat(ready).doesNotExist();
        proxy.accept();
        soon().until(() -> Files.exists(ready));
        proxy.refuse();
        soon().until(() -> !Files.exists(ready));
        Instant before = Files.getLastModifiedTime(alive).toInstant();
        soon().until(() -> Files.getLastModifiedTime(alive).toInstant().isAfter(before));
        proxy.accept();
        soon().until(() -> Files.exists(ready));
        worker.signal("TERM");
        assertThat(worker.await().exit()).isZero();
        assertThat(ready).doesNotExist();
      }
    }
  }

  @Test
  void a_broker_that_stays_away_ends_the_worker_and_the_map() throws Exception {
    try (FaultyProxy proxy = FaultyProxy.to(SharedBroker.get().port())) {
      String uri =
          SharedBroker.uri("away").replace(":" + SharedBroker.get().port(), ":" + proxy.port());
      Map<String, String> settings =
          Map.of("WARREN_BROKER", uri, "WARREN_BROKER_TIMEOUT", "3s", "WARREN_APP", app.toString());
      try (WarrenProcess worker = WarrenProcess.start(folder, "", settings, options());
          WarrenProcess map =
              WarrenProcess.start(
                  folder, "1\n".repeat(100_000), settings, "map", "--fn", "com.acme.Loud::shout")) {
        soon().until(() -> !map.out().isEmpty());
        proxy.refuse();
        Result mapped = map.await();
        assertThat(mapped.exit()).isEqualTo(3);
        assertThat(String.join("\n", mapped.err()))
            .contains("unreachable for 3 s, and the broker timeout is 3 s")
            .contains(mapped.out().lines().count() + " calls had ended");
        Result worked = worker.await();
        assertThat(worked.exit()).isEqualTo(3);
        assertThat(String.join("\n", worked.err())).contains("the broker timeout; exiting");
      }
    }
  }

  @Test
  void each_line_of_a_json_log_is_an_object_that_names_the_worker() throws Exception {
    Map<String, String> settings =
        Map.of("WARREN_BROKER", SharedBroker.uri("json"), "LC_ALL", "POSIX");
    try (ForeignProducer producer = producer();
        WarrenProcess worker =
            WarrenProcess.start(folder, "", settings, options("--log-format", "json"))) {
      soon().until(() -> worker.err().contains(" serves pool "));
      call(producer, "json", "umlaut", "com.acme.Loud::print", "[\"schön\"]");
      soon().until(() -> worker.err().contains("schön"));
      worker.signal("TERM");
      Result result = worker.await();
      assertThat(result.exit()).isZero();
      for (String line : result.err()) {
        JsonNode entry = Json.read(Payload.of(line), JsonNode.class);
        assertThat(Instant.parse(entry.path("time").asString())).isNotNull();
        assertThat(entry.path("level").asString()).isIn("INFO", "WARN");
        assertThat(entry.path("message").asString()).isNotEmpty();
        if (line.contains("schön")) {
          assertThat(entry.path("worker").asString()).startsWith("w-");
          assertThat(entry.path("pool").asString()).isEqualTo("json");
        }
      }
    }
  }
}
