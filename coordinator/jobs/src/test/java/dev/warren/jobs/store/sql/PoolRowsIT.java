package dev.warren.jobs.store.sql;

import static dev.warren.jobs.store.sql.StoreSamples.KEEP;
import static dev.warren.jobs.store.sql.StoreSamples.POOL;
import static dev.warren.jobs.store.sql.StoreSamples.addLines;
import static dev.warren.jobs.store.sql.StoreSamples.end;
import static dev.warren.jobs.store.sql.StoreSamples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.StoredJob;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store keeps besides jobs: keys of submissions, and what was done with a pool. */
class PoolRowsIT {
  private static final NewJob.Key KEY = new NewJob.Key("k1", "name=a");

  @TempDir Path folder;

  private static JobRecord submitWithKey(JobStore store, String name, NewJob.Key key) {
    NewJob job = new NewJob(POOL, name, "{\"function\":\"a.B::c\"}", KEEP, key);
    try (JobUpload upload = store.receive(job)) {
      addLines(upload, 0, 3);
      return upload.accept();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_key_is_stored_with_its_job_and_found_after_a_restart(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    JobRecord job;
    try (JobStore store = SqlStore.open(url)) {
      try (JobUpload given = store.receive(new NewJob(POOL, "x", "{}", KEEP, KEY))) {
        addLines(given, 0, 3);
      }
      assertThat(store.submission(POOL, "k1")).as("of an upload given up").isEmpty();
      job = submitWithKey(store, "a", KEY);
    }
    try (JobStore store = SqlStore.open(url);
        StoredJob stored = store.job(job.id())) {
      String input = stored.digest().whole();
      JobStore.Submission made = new JobStore.Submission(KEY, input, job.id(), true);
      assertThat(store.submission(POOL, "k1")).contains(made);
      assertThat(store.submission("another", "k1")).isEmpty();
      JobRecord other = submit(store, "b", 3);
      store.remember(POOL, new JobStore.Submission(KEY, "", other.id(), false));
      assertThat(store.submission(POOL, "k1")).contains(made);
      assertThatThrownBy(() -> submitWithKey(store, "c", KEY))
          .isInstanceOf(JobExistsException.class)
          .hasMessageContaining("its key was used for another submission");
      assertThat(store.list(POOL, 9)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_key_is_forgotten_after_a_day_or_with_its_job(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      JobRecord first = submitWithKey(store, "a", KEY);
      NewJob.Key other = new NewJob.Key("k2", "");
      store.remember(POOL, new JobStore.Submission(other, "", first.id(), false));
      age(kind, url);
      assertThat(store.submission(POOL, "k1")).isEmpty();
      JobRecord second = submitWithKey(store, "b", KEY);
      assertThat(store.submission(POOL, "k1").orElseThrow().job()).isEqualTo(second.id());
      store.deleteExpired(Instant.now());
      assertThat(count(kind, url)).isEqualTo(1);
      try (StoredJob job = store.job(second.id())) {
        end(job, JobState.SUCCEEDED);
      }
      store.delete(second.id(), "test");
      assertThat(store.submission(POOL, "k1")).isEmpty();
    }
  }

  private static Connection connect(StoreKind kind, String url) throws Exception {
    return DriverManager.getConnection(
        kind == StoreKind.SQLITE ? "jdbc:sqlite:" + url + "/jobs.db" : url);
  }

  /** Makes all keys a day older. */
  private static void age(StoreKind kind, String url) throws Exception {
    try (Connection connection = connect(kind, url);
        Statement statement = connection.createStatement()) {
      statement.execute("update unique_key set at = at - " + JobStore.KEYS_KEPT.toMillis());
    }
  }

  private static int count(StoreKind kind, String url) throws Exception {
    try (Connection connection = connect(kind, url);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from unique_key")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_last_actions_of_a_pool_are_kept(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      assertThat(store.actions(POOL, 10)).isEmpty();
      store.note(POOL, "10.0.0.7", "worker:w1", "drain");
      store.note("another", "10.0.0.7", "dead", "drop 3 dead letters");
      double11Times(kind, url);
      assertThat(store.actions(POOL, 9_999)).hasSizeGreaterThan(JobStore.AUDIT_KEPT);
      store.note(POOL, "10.0.0.8", "worker:w2", "drain");
      JobStore.Action newest = store.actions(POOL, 1).get(0);
      assertThat(newest.subject()).isEqualTo("worker:w2");
      assertThat(newest.who()).isEqualTo("10.0.0.8");
      assertThat(newest.at()).isAfter(Instant.EPOCH.plusSeconds(1_700_000_000));
      assertThat(store.actions(POOL, 9_999)).hasSizeBetween(2, JobStore.AUDIT_KEPT);
      assertThat(store.actions("another", 10)).hasSize(1);
    }
  }

  /** Adds copies of what was done with the pool, each a moment older. */
  private static void double11Times(StoreKind kind, String url) throws Exception {
    try (Connection connection = connect(kind, url);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 11; i++) {
        statement.execute(
            "insert into pool_audit select pool, at - 1, who, subject, what from pool_audit"
                + " where pool = '"
                + POOL
                + "'");
      }
    }
  }
}
