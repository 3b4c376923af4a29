package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.PoolNames;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.pool.Pool;
import dev.warren.task.Payload;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.RepositoryFiles;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.UserCode;
import dev.warren.wire.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What anyone who may publish to a pool can run on its workers: real workers over RabbitMQ, and
 * messages that no Warren program would send.
 */
@Timeout(600)
class CallableFunctionsIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  private static final String STATS =
      """
      package com.acme;
      import java.util.*;
      public class Stats {
        public static int twice(int n) { return 2 * n; }
        private static String hidden(String text) { return "hidden " + text; }
        public static void main(String[] args) throws Exception {
          java.nio.file.Files.writeString(java.nio.file.Path.of(args[0]), "main");
        }
        public static Map<String, String> environment() { return System.getenv(); }
        public static int exit(int code) { System.exit(code); return code; }
      }
      """;

  @TempDir private Path folder;
  private int programs;

  private UserCode program() {
    return new UserCode(folder.resolve("program" + ++programs));
  }

  private Path thinJar() throws IOException {
    return program().add("com.acme.Stats", STATS).jar("stats.jar");
  }

  /** The same as a folder, with which children use the class-data archive of earlier tests. */
  private Path thinFolder() throws IOException {
    return program().add("com.acme.Stats", STATS).classes();
  }

  /** A fat jar, as shading an app, a library and Warren creates it. */
  private Path fatJar() throws IOException {
    return program()
        .add("com.acme.Stats", STATS)
        .add("org.apache.commons.io.FileUtils", writer("org.apache.commons.io", "FileUtils"))
        .add("dev.warren.cli.WarrenMain", writer("dev.warren.cli", "WarrenMain"))
        .manifest("Main-Class", "com.acme.Stats")
        .jar("stats-all.jar");
  }

  private static String writer(String inPackage, String name) {
    return "package "
        + inPackage
        + "; import java.nio.file.*; public class "
        + name
        + " { public static void writeStringToFile(String file, String text) throws Exception {"
        + " Files.writeString(Path.of(file), text); }"
        + " public static void main(String[] args) throws Exception {"
        + " Files.writeString(Path.of(args[0]), \"main\"); } }";
  }

  private WarrenProcess worker(String uri, Map<String, String> environment, String... options)
      throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("WARREN_BROKER", uri);
    all.put("WARREN_PROCESSES", "1");
    all.put("WARREN_SPARES", "0");
    List<String> args = new ArrayList<>(List.of("worker"));
    args.addAll(Arrays.asList(options));
    return WarrenProcess.start(folder, "", all, args.toArray(new String[0]));
  }

  /**
   * Returns the answers to calls of these functions, {@code fn args} each, in that order; a line
   * before the arguments contains the settings of their pool.
   */
  private static List<JsonNode> answers(String uri, WarrenProcess worker, String... calls)
      throws Exception {
    String pool = uri.substring(uri.indexOf("pool=") + "pool=".length());
    await()
        .atMost(SOON)
        .failFast("the worker has ended", () -> worker.hasEnded())
        .until(() -> worker.err().contains(" serves pool "));
    try (ForeignProducer producer =
        ForeignProducer.connect(SharedBroker.get().uri().replaceFirst("/$", ""))) {
      for (int i = 0; i < calls.length; i++) {
        String[] call = calls[i].split(" ", 2);
        Map<String, Object> headers =
            new HashMap<>(Map.of(Headers.WARREN_VERSION, 1, Headers.FUNCTION, call[0]));
        if (call[1].contains("\n")) {
          headers.put(Headers.SETTINGS, "forged");
        }
        producer.send(new PoolNames(pool).tasks(), "call-" + i, headers, call[1]);
      }
      await().atMost(SOON).until(() -> producer.answers().size() == calls.length);
      List<JsonNode> answers = new ArrayList<>();
      for (int i = 0; i < calls.length; i++) {
        String answer = String.valueOf(producer.answers().get("call-" + i));
        answers.add(Json.read(Payload.of(answer.strip()), JsonNode.class));
      }
      return answers;
    }
  }

  private static String message(JsonNode answer) {
    assertThat(answer.path("error").path("kind").stringValue(null)).isEqualTo("rejected");
    return answer.path("error").path("message").stringValue("");
  }

  @Test
  void a_worker_refuses_a_fat_jar_and_prints_the_line_to_add() throws Exception {
    try (WarrenProcess worker =
        worker(SharedBroker.uri("fat"), Map.of(), "--app", fatJar().toString())) {
      Result result = worker.await();
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).hasSize(1);
      assertThat(result.err().get(0))
          .contains("--app stats-all.jar contains more than your own code")
          .contains("3 origins (com.acme, dev.warren, org.apache.commons)")
          .contains("--functions 'com.acme.**'");
    }
  }

  @Test
  void a_forged_message_runs_nothing_but_what_the_patterns_name() throws Exception {
    String uri = SharedBroker.uri("narrowed");
    Path written = folder.resolve("written");
    String quoted = "[\"" + written + "\",\"text\"]";
    try (WarrenProcess worker =
        worker(uri, Map.of("WARREN_FUNCTIONS", "com.acme.**"), "--app", fatJar().toString())) {
      List<JsonNode> answers =
          answers(
              uri,
              worker,
              "com.acme.Stats::twice [4]",
              "dev.warren.cli.WarrenMain::main([Ljava/lang/String;)V [[\"" + written + "\"]]",
              "dev.warren.cli.WarrenMain::writeStringToFile " + quoted,
              "org.apache.commons.io.FileUtils::writeStringToFile " + quoted,
              "com.acme.Stats::main [[\"" + written + "\"]]",
              "com.acme.Stats::main([Ljava/lang/String;)V [[\"" + written + "\"]]",
              "com.acme.Stats::getClass [{}]",
              "com.acme.Stats::wait(J)V [{},1]",
              "com.acme.Stats::hidden [\"x\"]",
              "java.lang.Runtime::getRuntime []",
              "dev.warren.worker.child.ChildMain::main [[]]",
              "com.acme.Stats::twice {\"initializer\":\"org.apache.commons.io.FileUtils::main\","
                  + "\"initArgs\":[[\""
                  + written
                  + "\"]]}\n[4]");
      assertThat(answers.get(0).path("value").intValue()).isEqualTo(8);
      assertThat(answers.get(answers.size() - 1).path("error").path("kind").stringValue(null))
          .isEqualTo("initializer_failed");
      for (JsonNode answer : answers.subList(1, answers.size() - 1)) {
        assertThat(message(answer)).matches(".*(is not allowed here|unknown method).*");
      }
      assertThat(written).doesNotExist();
      assertThat(worker.err()).contains("4 functions of --app may be called");
    }
  }

  @Test
  void whoever_may_not_call_a_class_cannot_learn_whether_it_exists() throws Exception {
    String uri = SharedBroker.uri("oracle");
    Path lib = program().library("org.library.Secret").jar("library.jar");
    try (WarrenProcess worker =
        worker(uri, Map.of(), "--app", thinFolder().toString(), "--lib", lib.toString())) {
      List<JsonNode> answers =
          answers(
              uri,
              worker,
              "org.library.Secret::twice [1]",
              "org.library.Nothing::twice [1]",
              "org.library.Secret::nothing [1]",
              "java.lang.Math::max [1,2]",
              "java.lang.Nothing::max [1,2]",
              "dev.warren.json.Json::read [1]",
              "dev.warren.wire.Nothing::read [1]");
      List<String> same =
          answers.stream()
              .map(answer -> message(answer).replaceFirst("^[A-Za-z.]+::[a-z]+ ", ""))
              .distinct()
              .toList();
      assertThat(same).hasSize(1);
      assertThat(same.get(0)).startsWith("is not allowed here or does not exist: ");
      assertThat(answers.stream().map(answer -> answer.path("error").path("stack")).distinct())
          .hasSize(1);
    }
  }

  @Test
  void a_child_in_another_language_runs_only_what_functions_names() throws Exception {
    String uri = SharedBroker.uri("python");
    Path child = RepositoryFiles.pythonChild();
    String command = "python3 " + child;
    try (WarrenProcess refused = worker(uri, Map.of(), "--child-command", command)) {
      Result result = refused.await();
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).hasSize(1);
      assertThat(result.err().get(0)).contains("--child-command needs --functions", "'stats::*'");
    }
    Path written = folder.resolve("written");
    try (WarrenProcess worker =
        worker(uri, Map.of(), "--child-command", command, "--functions", "math::*")) {
      List<JsonNode> answers =
          answers(
              uri,
              worker,
              "os::system [\"touch " + written + "\"]",
              "builtins::eval [\"1+1\"]",
              "no_such_module::system [\"\"]",
              "math::sqrt [16]",
              "math::sqrt {\"initializer\":\"os::mkdir\",\"initArgs\":[\""
                  + written
                  + "\"]}\n[16]");
      assertThat(message(answers.get(0))).startsWith("os::system is not allowed here");
      assertThat(message(answers.get(1))).startsWith("builtins::eval is not allowed here");
      assertThat(message(answers.get(2)))
          .isEqualTo(message(answers.get(0)).replace("os::", "no_such_module::"));
      assertThat(answers.get(3).path("value").doubleValue()).isEqualTo(4.0);
      assertThat(message(answers.get(4))).startsWith("os::mkdir is not allowed here");
      assertThat(written).doesNotExist();
    }
  }

  @Test
  void a_function_sees_its_configuration_and_none_of_the_supervisors_secrets() throws Exception {
    String uri = SharedBroker.uri("environment");
    Map<String, String> environment =
        Map.of(
            "WARREN_MANAGEMENT", "http://admin:secret@rabbit:15672",
            "WARREN_HEALTH_FILE", folder.resolve("health").toString(),
            "AMQP_URL", "amqp://rabbit",
            "EVENTS", "amqps://u:secret@rabbit",
            "SPRING_RABBITMQ_PASSWORD", "secret",
            "JAVA_TOOL_OPTIONS", "-Dsecret=secret",
            "DATABASE_URL", "jdbc:postgresql://db/acme");
    String app = thinFolder().toString();
    try (WarrenProcess worker = worker(uri, environment, "--app", app)) {
      JsonNode seen = answers(uri, worker, "com.acme.Stats::environment []").get(0).path("value");
      assertThat(seen.path("DATABASE_URL").stringValue(null))
          .isEqualTo("jdbc:postgresql://db/acme");
      assertThat(seen.has("PATH")).isTrue();
      assertThat(seen.toString()).doesNotContain("secret", "amqp:", "amqps:");
      assertThat(seen.propertyNames().stream().filter(name -> name.startsWith("WARREN_")))
          .containsExactlyInAnyOrder(
              "WARREN_LINK", "WARREN_LINK_TOKEN", "WARREN_SUPERVISOR", "WARREN_CHILD");
      assertThat(worker.err())
          .contains("do not inherit the variables AMQP_URL, EVENTS, JAVA_TOOL_OPTIONS, SPRING_");
    }
    try (WarrenProcess worker = worker(uri, environment, "--app", app, "--child-env", "EVENTS")) {
      JsonNode seen = answers(uri, worker, "com.acme.Stats::environment []").get(0).path("value");
      assertThat(seen.has("EVENTS")).isTrue();
      assertThat(seen.has("PATH")).isTrue();
      assertThat(seen.has("DATABASE_URL")).isFalse();
      assertThat(seen.has("WARREN_MANAGEMENT")).isFalse();
    }
  }

  @Test
  void a_class_that_also_has_a_method_for_a_pool_runs_on_workers() throws Exception {
    String uri = SharedBroker.uri("signatures");
    Path app =
        program()
            .against(
                Path.of(Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI()))
            .add(
                "com.acme.Batch",
                "package com.acme; import dev.warren.pool.*; public class Batch {"
                    + " public static int twice(int n) { return 2 * n; }"
                    + " public static void run(Pool pool, AsyncResult<Integer> result) {} }")
            .classes();
    try (WarrenProcess worker = worker(uri, Map.of(), "--app", app.toString())) {
      List<JsonNode> answers =
          answers(uri, worker, "com.acme.Batch::twice [4]", "com.acme.Batch::twice(I)I [5]");
      assertThat(answers.get(0).path("value").intValue()).isEqualTo(8);
      assertThat(answers.get(1).path("value").intValue()).isEqualTo(10);
    }
  }

  @Test
  void the_broker_comes_from_a_file_and_doctor_counts_the_functions() throws Exception {
    String uri = SharedBroker.uri("fromfile");
    Path file = Files.writeString(folder.resolve("broker.uri"), uri + "\n");
    String app = thinFolder().toString();
    try (WarrenProcess worker =
        WarrenProcess.start(
            folder,
            "",
            Map.of(),
            "worker",
            "--broker-file",
            file.toString(),
            "--processes",
            "1",
            "--app",
            app)) {
      await().atMost(SOON).until(() -> worker.err().contains(" serves pool fromfile"));
      Result mapped =
          WarrenProcess.run(
              folder,
              "4\n",
              "map",
              "--broker-file",
              file.toString(),
              "--app",
              app,
              "--fn",
              "com.acme.Stats::twice",
              "--no-progress");
      assertThat(mapped.out()).isEqualTo("{\"index\":0,\"value\":8}\n");
      assertThat(mapped.err()).isEmpty();
      Result doctor = WarrenInside.run(Map.of(), "doctor", "--broker-file", file.toString());
      assertThat(doctor.out()).contains(", 4 functions");
      assertThat(worker.err().lines().findFirst().orElse("")).contains("4 functions of --app may");
    }
    Result both =
        WarrenInside.run(
            Map.of(), "map", "--fn", "a.B::c", "--broker", uri, "--broker-file", file.toString());
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err())
        .contains("warren: both --broker and --broker-file are given; give one of them");
  }

  @Test
  void the_functions_command_lists_callable_functions() throws Exception {
    String thin = thinJar().toString();
    Result listed = WarrenInside.run(Map.of(), "functions", "--app", thin);
    assertThat(listed.err()).isEmpty();
    assertThat(listed.out().lines())
        .containsExactly(
            "com.acme.Stats::environment()",
            "com.acme.Stats::exit(int)",
            "com.acme.Stats::new()",
            "com.acme.Stats::twice(int)");
    Result json =
        WarrenInside.run(
            Map.of(), "functions", "--app", thin, "--json", "--functions", "com.acme.*::twice");
    assertThat(json.out())
        .isEqualTo(
            "{\"function\":\"com.acme.Stats::twice(int)\",\"class\":\"com.acme.Stats\","
                + "\"method\":\"twice\",\"descriptor\":\"(I)I\"}\n");
    Result fat = WarrenInside.run(Map.of(), "functions", "--app", fatJar().toString());
    assertThat(fat.exit()).isEqualTo(2);
    assertThat(fat.err().get(0)).contains("--functions 'com.acme.**'");
    Result mapped =
        WarrenProcess.run(
            folder, "4\n", "map", "--app", fatJar().toString(), "--fn", "com.acme.Stats::twice");
    assertThat(mapped.out()).isEqualTo("{\"index\":0,\"value\":8}\n");
  }
}
