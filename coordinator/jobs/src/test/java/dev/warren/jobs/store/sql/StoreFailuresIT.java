package dev.warren.jobs.store.sql;

import static dev.warren.jobs.store.sql.StoreSamples.LEASE;
import static dev.warren.jobs.store.sql.StoreSamples.POOL;
import static dev.warren.jobs.store.sql.StoreSamples.acquire;
import static dev.warren.jobs.store.sql.StoreSamples.allSegments;
import static dev.warren.jobs.store.sql.StoreSamples.counting;
import static dev.warren.jobs.store.sql.StoreSamples.outcomes;
import static dev.warren.jobs.store.sql.StoreSamples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jobs.journal.Cause;
import dev.warren.jobs.journal.Journal;
import dev.warren.jobs.journal.RunStatistics;
import dev.warren.jobs.meter.JobMeters;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Layout;
import dev.warren.jobs.store.database.SqliteDialect;
import dev.warren.json.Lines;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Meters;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.testkit.server.PrivatePostgres;
import dev.warren.testkit.server.SharedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Databases that cannot be opened or written, and what the user reads then. */
class StoreFailuresIT {
  @TempDir Path folder;

  private static void failsToOpen(String url, String... parts) {
    assertThatThrownBy(() -> SqlStore.open(url).close())
        .isInstanceOf(StoreException.class)
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"))
        .satisfies(failure -> assertThat(failure.getMessage()).contains(parts));
  }

  // ---- SQLite

  @Test
  void a_catalogue_that_is_no_database_is_named() throws Exception {
    Files.writeString(folder.resolve("jobs.db"), "no database\n".repeat(1000));
    failsToOpen(
        folder.toString(), folder.resolve("jobs.db").toString(), "is not an SQLite database");
  }

  @Test
  void a_job_that_is_no_database_is_named_and_can_be_deleted() throws Exception {
    try (JobStore store = SqlStore.open(folder.toString())) {
      JobRecord job = submit(store, "nightly", 10);
      Path file = folder.resolve("jobs").resolve(job.id() + ".db");
      Files.deleteIfExists(Path.of(file + "-wal"));
      Files.writeString(file, "no database\n".repeat(1000));
      assertThatThrownBy(() -> store.job(job.id()))
          .isInstanceOf(StoreException.class)
          .hasMessageContainingAll(file.toString(), "is not an SQLite database");
      Files.delete(file);
      store.delete(job.id(), "somebody");
      assertThat(store.find(POOL, "nightly")).isEmpty();
    }
  }

  @Test
  void a_file_in_the_place_of_the_folder_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("store"), "");
    failsToOpen(file.toString(), "cannot create the folder " + file, "use another folder");
  }

  @Test
  void a_folder_that_cannot_be_created_is_named() {
    failsToOpen("/proc/warren", "cannot create the folder /proc/warren", "use another folder");
    failsToOpen("what?", "must not contain '?'");
  }

  @Test
  void other_databases_are_refused() {
    failsToOpen(
        "jdbc:mysql://host/db?user=me&password=hush",
        "jdbc:mysql://host/db?user=me&password=***",
        "a store is a folder or a PostgreSQL database");
  }

  @Test
  void an_upload_interrupted_between_its_two_transactions_is_nothing() throws Exception {
    try (JobStore store = SqlStore.open(folder.toString())) {
      JobRecord job = submit(store, "nightly", 10);
      sqlite("jobs.db", "update job set state = 'RECEIVING'");
      assertThat(store.find(POOL, "nightly")).isEmpty();
      assertThat(store.list(null, 10)).isEmpty();
      submit(store, "nightly", 5);
      assertThat(folder.resolve("jobs").resolve(job.id() + ".db")).doesNotExist();
    }
  }

  @Test
  void an_end_interrupted_before_the_catalogue_has_it_is_found_there_later() throws Exception {
    try (JobStore store = SqlStore.open(folder.toString())) {
      JobRecord job = submit(store, "nightly", 10);
      sqlite("jobs/" + job.id() + ".db", "update job set state = 'FAILED', ended = 7, commits = 3");
      assertThat(store.list(null, 10).get(0).state().name()).isEqualTo("FAILED");
      Files.move(folder.resolve("jobs").resolve(job.id() + ".db"), folder.resolve("elsewhere.db"));
      assertThat(store.list(null, 10).get(0).state().name())
          .describedAs("read from the catalogue")
          .isEqualTo("FAILED");
    }
  }

  @Test
  void a_deletion_interrupted_at_any_point_is_completed() throws Exception {
    try (JobStore store = SqlStore.open(folder.toString())) {
      JobRecord first = submit(store, "first", 10);
      JobRecord second = submit(store, "second", 10);
      sqlite(
          "jobs/" + first.id() + ".db", "update job set state = 'DELETED', commits = commits + 1");
      sqlite("jobs.db", "update job set state = 'DELETED' where id = '" + second.id() + "'");
      assertThat(store.find(POOL, "first")).isEmpty();
      assertThat(folder.resolve("jobs").resolve(first.id() + ".db")).doesNotExist();
      submit(store, "first", 1);
      store.deleteExpired(first.created());
      assertThat(folder.resolve("jobs").resolve(second.id() + ".db")).doesNotExist();
      assertThat(store.list(null, 10)).hasSize(3);
    }
  }

  private void sqlite(String file, String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(file));
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  @Test
  void a_full_disk_loses_nothing_and_the_journal_goes_on_when_there_is_space() throws Exception {
    try (JobStore store = SqlStore.open(folder.toString())) {
      String id = submit(store, "nightly", 10).id();
      List<Connection> connections = new CopyOnWriteArrayList<>();
      Path file = folder.resolve("jobs").resolve(id + ".db");
      Database database =
          new Database(
              new SqliteDialect(),
              file.toString(),
              () -> {
                Connection connection =
                    DriverManager.getConnection("jdbc:sqlite:" + file + "?journal_mode=WAL");
                connections.add(connection);
                return connection;
              });
      Layout layout = Layout.of(folder.toString());
      try (Catalogue catalogue = new Catalogue(layout);
          StoredJob job = new SqlJob(id, database, layout, catalogue, closed -> {})) {
        long epoch = acquire(job);
        limitPages(connections, 200);
        try (Journal journal = journal(job, epoch)) {
          CompletionStage<Void> kept = null;
          for (int i = 0; i < 50; i++) {
            Lines lines = Lines.split(outcomes(1000L * i, 1000).body());
            journal.outcomes(1000L * i, lines, 0, 1000, RanBy.NOBODY);
            kept = journal.kept();
          }
          assertThatThrownBy(() -> commitUntilFull(job, epoch))
              .isInstanceOf(StoreException.class)
              .hasMessageContainingAll(file.toString(), "the disk is full; free space on it");
          assertThat(kept.toCompletableFuture()).isNotDone();
          limitPages(connections, 1_000_000);
          kept.toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        long calls = 0;
        for (var segment : allSegments(job)) {
          calls += segment.calls().count();
        }
        assertThat(job.record().counts()).isEqualTo(new JobCounts(calls, 0, 0));
        assertThat(calls).isGreaterThanOrEqualTo(50_000);
      }
    }
  }

  private static void commitUntilFull(StoredJob job, long epoch) throws Exception {
    for (int i = 100; i < 10_000; i++) {
      job.commit(epoch, counting(new JobCounts(1000, 0, 0), outcomes(1000L * i, 1000)));
    }
  }

  private static void limitPages(List<Connection> connections, int pages) throws SQLException {
    for (Connection connection : connections) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("pragma max_page_count = " + pages);
      }
    }
  }

  private static Journal journal(StoredJob job, long epoch) {
    return Journal.start(
        job,
        epoch,
        failure -> new Cause("a", "error", "b"),
        new RunStatistics(JobStatistics.NONE, 0),
        superseded -> {},
        TimeSource.SYSTEM,
        new Meters().histogram(JobMeters.JOURNAL_COMMIT));
  }

  // ---- PostgreSQL

  @Test
  void a_server_that_does_not_answer_is_named_without_the_password() {
    failsToOpen(
        "jdbc:postgresql://127.0.0.1:1/jobs?user=me&password=hush",
        "jdbc:postgresql://127.0.0.1:1/jobs?user=me&password=***",
        "no PostgreSQL server answers",
        "start it or correct the URL");
    assertThatThrownBy(
            () -> SqlStore.open("jdbc:postgresql://127.0.0.1:1/jobs?user=me&password=hush"))
        .hasMessageNotContaining("hush");
  }

  @Test
  void a_wrong_password_and_a_missing_database_are_named() {
    String url = SharedPostgres.get().url();
    failsToOpen(url + "x", "password=***", "refuses this user or password", "correct them");
    failsToOpen(
        url.replace("/postgres?", "/missing?"), "no such database", "create it with createdb");
  }

  @Test
  void tables_of_others_are_not_touched() throws Exception {
    String url = StoreKind.POSTGRESQL.newUrl(folder);
    execute(url, "create table job (id int)");
    failsToOpen(url, "its tables have the names of Warren's", "set currentSchema");
  }

  @Test
  void a_schema_that_does_not_exist_is_named() {
    failsToOpen(
        SharedPostgres.get().url() + "&currentSchema=missing", "set currentSchema in the URL");
  }

  private static void execute(String url, String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void a_server_that_is_restarted_loses_nothing_and_the_journal_goes_on() throws Exception {
    PrivatePostgres server = SharedPostgres.get();
    String url = StoreKind.POSTGRESQL.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      String id = submit(store, "nightly", 10).id();
      try (StoredJob job = store.job(id);
          Journal journal = journal(job, acquire(job))) {
        for (int round = 0; round < 3; round++) {
          CompletionStage<Void> kept = null;
          for (int i = 0; i < 200; i++) {
            if (i == 100) {
              server.kill();
            }
            long first = 100L * (200L * round + i);
            Lines lines = Lines.split(outcomes(first, 100).body());
            journal.outcomes(first, lines, 0, 100, RanBy.NOBODY);
            kept = journal.kept();
          }
          assertThat(kept.toCompletableFuture()).isNotDone();
          server.restart();
          kept.toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        assertThat(job.record().counts()).isEqualTo(new JobCounts(60_000, 0, 0));
        long[] next = {0};
        for (var segment : allSegments(job)) {
          segment.calls().forEach(call -> assertThat(call).isEqualTo(next[0]++));
        }
        assertThat(next[0]).isEqualTo(60_000);
      }
    } finally {
      server.restart();
    }
  }

  @Test
  void an_owner_that_is_stopped_within_a_transaction_does_not_keep_others_out() throws Exception {
    String url = StoreKind.POSTGRESQL.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      String id = submit(store, "nightly", 10).id();
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch taken = new CountDownLatch(1);
      CompletableFuture<String> failure = new CompletableFuture<>();
      NamedThreads.start(
          "stopped",
          () -> {
            try (Database database = Layout.of(url).open(id)) {
              database.run(
                  "write",
                  session -> {
                    JobRows.acquire(session, id, "stopped", LEASE.toMillis());
                    locked.countDown();
                    awaitUninterruptibly(taken);
                  });
              failure.complete("it was written");
            } catch (StoreException e) {
              failure.complete(e.getMessage());
            }
          });
      locked.await();
      try (StoredJob job = store.job(id)) {
        assertThat(job.tryAcquire("next", LEASE)).hasValue(1);
        taken.countDown();
        assertThat(failure.get(60, TimeUnit.SECONDS)).startsWith("cannot write in");
        assertThat(job.record().owner()).isEqualTo("next");
      }
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- both

  @ParameterizedTest
  @EnumSource
  void tables_of_a_newer_program_are_refused(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    SqlStore.open(url).close();
    SqlStore.open(url).close();
    execute(
        kind == StoreKind.SQLITE ? "jdbc:sqlite:" + url + "/jobs.db" : url,
        "insert into migration (version, applied) values (99, 0)");
    failsToOpen(url, "written by a newer version of Warren", "version 99", "upgrade this program");
  }

  @ParameterizedTest
  @EnumSource
  void a_commit_whose_answer_was_lost_is_not_written_twice(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      String id = submit(store, "nightly", 10).id();
      Layout layout = Layout.of(url);
      LosingConnector connector = new LosingConnector(kind, url, id);
      Database database = new Database(connector.dialect(), "test", connector);
      try (Catalogue catalogue = new Catalogue(layout);
          StoredJob job = new SqlJob(id, database, layout, catalogue, closed -> {})) {
        long epoch = job.tryAcquire("owner", LEASE).orElseThrow();
        Commit commit = counting(new JobCounts(3, 0, 0), outcomes(0, 3));
        for (boolean written : new boolean[] {true, false}) {
          connector.loseNextCommit(written);
          assertThatThrownBy(() -> job.commit(epoch, commit)).isInstanceOf(StoreException.class);
          job.commit(epoch, commit);
        }
        job.commit(epoch, commit);
        assertThat(job.record().counts()).isEqualTo(new JobCounts(9, 0, 0));
        assertThat(allSegments(job)).hasSize(3);
        assertThat(List.of(0L, 1L, 2L))
            .isEqualTo(allSegments(job).stream().map(segment -> segment.seq()).toList());
      }
    }
  }
}
