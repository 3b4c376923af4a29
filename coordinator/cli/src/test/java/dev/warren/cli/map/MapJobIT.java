package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.WarrenProcess;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.UserCode;
import dev.warren.testkit.server.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs over a broker whose coordinator, {@code warren map --job}, is killed and started again: on
 * SQLite, and the essential ones on PostgreSQL.
 */
@Timeout(900)
class MapJobIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final long SEED = Long.getLong("warren.seed", System.currentTimeMillis());

  private static final String APP =
      """
      package com.acme;
      import java.nio.file.*;
      public class Noted {
        /** Notes that it ran: one byte sequence per call, appended at once. */
        public static String note(String line) throws Exception {
          String[] parts = line.split(" ");
          Files.write(Path.of(parts[1]), (parts[0] + "\\n").getBytes(),
              StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          Thread.sleep(Integer.parseInt(parts[2]));
          return parts[0];
        }
      }
      """;

  @TempDir private Path folder;
  private String pool = "";
  private Path in = Path.of("");
  private Path out = Path.of("");
  private Path notes = Path.of("");
  private String store = "";
  private List<WarrenProcess> started = new ArrayList<>();

  @BeforeEach
  void startWorker() throws IOException {
    pool = "jobs" + folder.getFileName().toString().replaceAll("\\W", "");
    out = folder.resolve("out.jsonl");
    notes = folder.resolve("notes");
    store = folder.resolve("store").toString();
    Path app = new UserCode(folder.resolve("program")).add("com.acme.Noted", APP).classes();
    WarrenProcess worker =
        start(
            Map.of(),
            "worker",
            "--broker",
            SharedBroker.uri(pool),
            "--app",
            app.toString(),
            "--processes",
            "2",
            "--heartbeat",
            "1s");
    await().atMost(SOON).until(() -> worker.err().contains(" serves pool "));
  }

  @AfterEach
  void stopAll() {
    started.forEach(WarrenProcess::close);
  }

  private WarrenProcess start(Map<String, String> environment, String... args) throws IOException {
    WarrenProcess process = WarrenProcess.start(folder, "", environment, args);
    started.add(process);
    return process;
  }

  private void input(int calls, int millis) throws IOException {
    in =
        Files.writeString(
            folder.resolve("in.txt"),
            IntStream.range(0, calls)
                .mapToObj(i -> i + " " + notes + " " + millis + "\n")
                .collect(Collectors.joining()));
  }

  private String[] job(String... more) {
    List<String> args = new ArrayList<>(List.of("map", "--job", "nightly"));
    args.addAll(List.of("--store", store));
    args.addAll(List.of("--broker", SharedBroker.uri(pool), "--fn", "com.acme.Noted::note"));
    args.addAll(List.of("--lines", "--input", in.toString(), "--output", out.toString()));
    args.addAll(Arrays.asList(more));
    return args.toArray(String[]::new);
  }

  /** Keeps the job in an empty schema of PostgreSQL instead of a folder. */
  private void usePostgres() throws SQLException {
    String server = SharedPostgres.get().url();
    String schema = SharedPostgres.newSchema();
    try (Connection connection = DriverManager.getConnection(server);
        Statement statement = connection.createStatement()) {
      statement.execute("create schema " + schema);
    }
    store = server + "&currentSchema=" + schema;
  }

  private void assertOutput(int calls) throws IOException {
    assertThat(Files.readAllLines(out))
        .containsExactlyElementsOf(
            IntStream.range(0, calls)
                .mapToObj(i -> "{\"index\":" + i + ",\"value\":\"" + i + "\"}")
                .toList());
  }

  /** Number of calls that ran, beyond once each. */
  private int runTwice(int calls) throws IOException {
    List<String> ran = Files.readAllLines(notes);
    assertThat(new HashSet<>(ran)).hasSize(calls);
    return ran.size() - calls;
  }

  private JobRecord record() {
    try (JobStore opened = SqlStore.open(store)) {
      return opened.find(pool, "nightly").orElseThrow();
    }
  }

  private long published() {
    return isStored() ? record().published() : 0;
  }

  private boolean isStored() {
    if (!store.startsWith("jdbc:") && !Files.exists(Path.of(store, "jobs.db"))) {
      return false;
    }
    try (JobStore opened = SqlStore.open(store)) {
      return opened.find(pool, "nightly").isPresent();
    }
  }

  @Test
  void a_job_killed_again_and_again_ends_with_the_output_of_an_undisturbed_run() throws Exception {
    isKilledAgainAndAgain();
  }

  @Test
  @Tag("stress")
  void a_job_on_postgresql_killed_again_and_again_ends_with_the_same_output() throws Exception {
    usePostgres();
    isKilledAgainAndAgain();
  }

  private void isKilledAgainAndAgain() throws Exception {
    int calls = Integer.getInteger("warren.job.calls", 3000);
    int kills = Integer.getInteger("warren.job.kills", 4);
    input(calls, 1);
    Random random = new Random(SEED);
    for (int i = 0; i < kills; i++) {
      long before = ended();
      WarrenProcess run = start(Map.of(), job("--no-progress"));
      long enough = before + 1 + random.nextInt(calls / (kills + 1));
      await().atMost(SOON).until(() -> ended() >= enough || run.hasEnded());
      run.signal("KILL");
      run.await();
    }
    Result last = start(Map.of(), job()).await();
    assertThat(last.exit()).as("seed %d: %s", SEED, last.err()).isZero();
    assertOutput(calls);
    assertThat(runTwice(calls)).as("seed %d", SEED).isLessThanOrEqualTo(10);
    assertThat(record().state()).isEqualTo(JobState.SUCCEEDED);
  }

  private long ended() {
    return isStored() ? record().counts().ended() : 0;
  }

  @ParameterizedTest
  @EnumSource(names = {"PUBLISHED", "COMMITTED", "BEFORE_ACKNOWLEDGING"})
  void a_coordinator_that_dies_at_a_critical_point_loses_nothing(CrashPoint point)
      throws Exception {
    dies(point);
  }

  @Test
  void a_coordinator_that_dies_with_outcomes_in_postgresql_and_in_the_broker_counts_them_once()
      throws Exception {
    usePostgres();
    dies(CrashPoint.BEFORE_ACKNOWLEDGING);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("stress")
  void a_coordinator_that_dies_at_any_point_loses_nothing(CrashPoint point) throws Exception {
    dies(point);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("stress")
  void a_coordinator_on_postgresql_that_dies_at_any_point_loses_nothing(CrashPoint point)
      throws Exception {
    usePostgres();
    dies(point);
  }

  private void dies(CrashPoint point) throws Exception {
    input(200, 2);
    Map<String, String> crash = Map.of("JAVA_TOOL_OPTIONS", "-Dwarren.crash=" + point);
    Result died = start(crash, job("--no-progress")).await();
    if (point != CrashPoint.BEFORE_SENDING_AGAIN) {
      assertThat(died.exit()).as("%s", died.err()).isEqualTo(137);
    }
    Result last = start(Map.of(), job("--no-progress")).await();
    assertThat(last.exit()).as("%s", last.err()).isZero();
    assertOutput(200);
    assertThat(runTwice(200)).isLessThanOrEqualTo(10);
    assertThat(record().counts().succeeded()).isEqualTo(200);
  }

  @Test
  void workers_go_on_while_nobody_coordinates() throws Exception {
    goOnAlone();
  }

  @Test
  @Tag("stress")
  void workers_go_on_while_nobody_coordinates_a_job_on_postgresql() throws Exception {
    usePostgres();
    goOnAlone();
  }

  private void goOnAlone() throws Exception {
    input(2000, 5);
    WarrenProcess run = start(Map.of(), job("--no-progress"));
    await().atMost(SOON).until(() -> published() == 2000 && ended() > 100);
    run.signal("KILL");
    run.await();
    assertThat(ended()).as("calls that ended while somebody coordinated").isLessThan(1500);
    await().atMost(SOON).until(() -> Files.readAllLines(notes).size() == 2000);
    Result last = start(Map.of(), job("--no-progress")).await();
    assertThat(last.exit()).as("%s", last.err()).isZero();
    assertOutput(2000);
    assertThat(runTwice(2000)).isZero();
  }

  @Test
  void a_job_whose_broker_stays_away_says_that_it_is_kept() throws Exception {
    input(3000, 5);
    try (FaultyProxy proxy = FaultyProxy.to(SharedBroker.get().port())) {
      List<String> args = new ArrayList<>(List.of(job("--broker-timeout", "2s")));
      String uri = SharedBroker.uri(pool);
      String port = ":" + SharedBroker.get().port();
      args.set(args.indexOf(uri), uri.replace(port, ":" + proxy.port()));
      WarrenProcess run = start(Map.of(), args.toArray(String[]::new));
      await().atMost(SOON).until(() -> ended() > 10);
      proxy.refuse();
      proxy.cut();
      Result away = run.await();
      assertThat(away.exit()).as("%s", away.err()).isEqualTo(3);
      assertThat(away.err().get(away.err().size() - 1))
          .startsWith("warren: the broker has been unreachable for ")
          .endsWith("; job nightly is kept; the same command goes on where it was");
    }
    assertThat(start(Map.of(), job()).await().exit()).isZero();
    assertOutput(3000);
  }

  @Test
  void ctrl_c_keeps_the_job_and_says_so() throws Exception {
    input(3000, 5);
    WarrenProcess run = start(Map.of(), job());
    await().atMost(SOON).until(() -> ended() > 10);
    run.signal("INT");
    Result result = run.await();
    assertThat(result.exit()).isEqualTo(130);
    assertThat(result.err().get(result.err().size() - 1))
        .isEqualTo("warren: job nightly is kept; the same command goes on where it was");
    assertThat(start(Map.of(), job()).await().exit()).isZero();
    assertOutput(3000);
    assertThat(runTwice(3000)).isZero();
  }

  @Test
  void another_output_is_not_overwritten() throws Exception {
    input(10, 0);
    Files.writeString(out, "mine\n");
    Result refused = start(Map.of(), job()).await();
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err().toString()).contains("exists; overwrite it with --force");
    assertThat(start(Map.of(), job("--force")).await().exit()).isZero();
    assertThat(start(Map.of(), job()).await().exit()).as("its own output").isZero();
    assertOutput(10);
    input(11, 0);
    Result other = start(Map.of(), job()).await();
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err().toString()).contains("more than the job's 10 lines");
    assertOutput(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("stress")
  void a_frozen_coordinator_cannot_write_after_another_has_taken_over(boolean postgres)
      throws Exception {
    if (postgres) {
      usePostgres();
    }
    input(400, 50);
    WarrenProcess frozen = start(Map.of(), job("--no-progress"));
    await().atMost(SOON).until(() -> ended() > 10);
    frozen.signal("STOP");
    Path second = folder.resolve("second.jsonl");
    List<String> args = new ArrayList<>(List.of(job("--no-progress", "--force")));
    args.set(args.indexOf(out.toString()), second.toString());
    Result other = start(Map.of(), args.toArray(String[]::new)).await();
    assertThat(other.exit()).as("%s", other.err()).isZero();
    frozen.signal("CONT");
    Result thawed = frozen.await();
    assertThat(thawed.exit()).as("%s", thawed.err()).isZero();
    assertOutput(400);
    assertThat(Files.readString(second)).isEqualTo(Files.readString(out));
    assertThat(record().counts().succeeded()).isEqualTo(400);
    assertThat(runTwice(400)).isLessThanOrEqualTo(10);
  }
}
