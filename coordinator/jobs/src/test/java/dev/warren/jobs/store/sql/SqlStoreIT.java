package dev.warren.jobs.store.sql;

import static dev.warren.jobs.store.sql.StoreSamples.KEEP;
import static dev.warren.jobs.store.sql.StoreSamples.LEASE;
import static dev.warren.jobs.store.sql.StoreSamples.POOL;
import static dev.warren.jobs.store.sql.StoreSamples.acquire;
import static dev.warren.jobs.store.sql.StoreSamples.addLines;
import static dev.warren.jobs.store.sql.StoreSamples.changing;
import static dev.warren.jobs.store.sql.StoreSamples.end;
import static dev.warren.jobs.store.sql.StoreSamples.line;
import static dev.warren.jobs.store.sql.StoreSamples.newJob;
import static dev.warren.jobs.store.sql.StoreSamples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs as a whole: received, found, listed, renamed, deleted. */
class SqlStoreIT {
  @TempDir Path folder;

  private List<String> jobFiles() throws Exception {
    Path jobs = folder.resolve("store/jobs");
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(jobs)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".db"))
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_accepted_job_is_found_with_its_input_by_every_store(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", 10_000);
      assertThat(job.state()).isEqualTo(JobState.RUNNING);
      assertThat(job.calls()).isEqualTo(10_000);
      assertThat(job.id()).matches("[a-z2-7]{26}");
      assertThat(job.secret()).matches("[0-9a-f]{32}");
      assertThat(job.counts()).isEqualTo(JobCounts.ZERO);
      assertThat(job.request()).isEqualTo(JobRequest.NONE);
      assertThat(job.keep()).isEqualTo(KEEP);
      assertThat(job.leased()).isFalse();
      assertThat(job.owner()).isNull();
      assertThat(job.ended()).isNull();
      assertThat(job.created()).isBetween(Instant.EPOCH.plusSeconds(1_700_000_000), Instant.MAX);
      assertThat(other.find(POOL, "nightly")).contains(job);
      assertThat(other.find("another", "nightly")).isEmpty();
      assertThat(other.list(null, 10)).containsExactly(job);
      try (StoredJob stored = other.job(job.id())) {
        assertThat(stored.record()).isEqualTo(job);
        assertThat(stored.input(9_000, 1_000).get(999)).isEqualTo(line(9_999));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_new_store_may_be_opened_by_several_at_the_same_time(StoreKind kind) throws Exception {
    for (int round = 0; round < 10; round++) {
      String url = kind.newUrl(folder.resolve("round" + round));
      CyclicBarrier together = new CyclicBarrier(4);
      List<CompletableFuture<JobRecord>> jobs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        CompletableFuture<JobRecord> job = new CompletableFuture<>();
        jobs.add(job);
        String name = "job" + i;
        NamedThreads.start("opener", () -> openTogether(url, together, name, job));
      }
      for (CompletableFuture<JobRecord> job : jobs) {
        job.get(60, TimeUnit.SECONDS);
      }
      try (JobStore store = SqlStore.open(url)) {
        assertThat(store.list(null, 10)).hasSize(4);
      }
    }
  }

  private static void openTogether(
      String url, CyclicBarrier together, String name, CompletableFuture<JobRecord> job) {
    try {
      together.await();
      try (JobStore store = SqlStore.open(url)) {
        job.complete(submit(store, name, 10));
      }
    } catch (Exception e) {
      job.completeExceptionally(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void input_is_read_as_it_was_given_in_pieces_of_any_size(StoreKind kind) throws Exception {
    int lines = 120_000; // several blocks
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "large", lines);
      try (StoredJob stored = store.job(job.id())) {
        long bytes = 0;
        int size = 1;
        for (int at = 0; at < lines; ) {
          int count = Math.min(size, lines - at);
          var piece = stored.input(at, count);
          assertThat(piece.count()).isEqualTo(count);
          for (int i = 0; i < count; i++) {
            assertThat(piece.get(i)).isEqualTo(line(at + i));
            bytes += piece.get(i).length() + 1;
          }
          at += count;
          size = size * 3 % 50_021 + 1;
        }
        assertThat(job.inputBytes()).isEqualTo(bytes);
        assertThat(stored.input(5, 1).get(0)).isEqualTo(line(5));
        assertThat(stored.input(5, 0).count()).isZero();
        assertThatThrownBy(() -> stored.input(lines - 1, 2))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("line 120000");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void empty_lines_and_huge_lines_are_kept(StoreKind kind) throws Exception {
    Payload huge = Payload.of("x".repeat(3_000_000));
    try (JobStore store = kind.open(folder);
        JobUpload upload = store.receive(newJob("odd"))) {
      upload.add(Payload.EMPTY);
      upload.add(huge);
      upload.add(Payload.EMPTY);
      upload.add(Payload.EMPTY);
      JobRecord job = upload.accept();
      try (StoredJob stored = store.job(job.id())) {
        var lines = stored.input(0, 4);
        assertThat(lines.get(0).length()).isZero();
        assertThat(lines.get(1)).isEqualTo(huge);
        assertThat(lines.get(3).length()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_job_without_input_exists(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "empty", 0);
      try (StoredJob stored = store.job(job.id())) {
        assertThat(stored.record().calls()).isZero();
        assertThat(stored.digest()).isEqualTo(new InputDigester().digest());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_job_that_is_being_received_does_not_exist(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url);
        JobUpload upload = store.receive(newJob("nightly"))) {
      addLines(upload, 0, 100_000);
      assertThat(other.find(POOL, "nightly")).isEmpty();
      assertThat(other.list(POOL, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_upload_that_is_closed_leaves_nothing(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      try (JobUpload upload = store.receive(newJob("nightly"))) {
        addLines(upload, 0, 100_000);
        assertThat(upload.lines()).isEqualTo(100_000);
      }
      assertThat(store.list(null, 10)).isEmpty();
      assertThat(jobFiles()).isEmpty();
      submit(store, "nightly", 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_name_is_used_once_in_a_pool(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      submit(store, "nightly", 1);
      assertThatThrownBy(() -> store.receive(newJob("nightly")))
          .isInstanceOf(JobExistsException.class)
          .hasMessage("pool pool already has a job named nightly");
      try (JobUpload upload = store.receive(new NewJob("another", "nightly", "{}", KEEP))) {
        upload.accept();
      }
      assertThat(store.list(null, 10)).hasSize(2);
      assertThat(store.list(POOL, 10)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_two_uploads_of_a_name_the_later_one_is_accepted(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url);
        JobUpload first = store.receive(newJob("nightly"))) {
      first.add(line(1));
      try (JobUpload second = other.receive(newJob("nightly"))) {
        second.add(line(2));
        assertThatThrownBy(first::accept)
            .isInstanceOf(JobExistsException.class)
            .hasMessageContaining("another upload of this name began after this one");
        JobRecord job = second.accept();
        assertThat(store.find(POOL, "nightly")).contains(job);
      }
    }
    assertThat(jobFiles()).hasSize(kind == StoreKind.SQLITE ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource
  void jobs_are_listed_newest_first_whether_they_run_or_not(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      for (int i = 0; i < 5; i++) {
        JobRecord job = submit(store, "job" + i, 1);
        if (i % 2 == 0) {
          try (StoredJob stored = store.job(job.id())) {
            end(stored, JobState.SUCCEEDED);
          }
        }
      }
    }
    try (JobStore store = SqlStore.open(url)) {
      List<JobRecord> jobs = store.list(null, 4);
      assertThat(jobs).isSortedAccordingTo((a, b) -> b.created().compareTo(a.created())).hasSize(4);
      assertThat(store.list(null, 10))
          .extracting(JobRecord::state)
          .containsOnly(JobState.SUCCEEDED, JobState.RUNNING);
      for (JobRecord job : store.list(null, 10)) {
        assertThat(store.find(POOL, job.name())).contains(job);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_ended_job_can_be_renamed_and_its_name_used_again(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 1);
      assertThatThrownBy(() -> store.rename(job.id(), "nightly~1"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("only ended jobs can be renamed");
      try (StoredJob stored = store.job(job.id())) {
        end(stored, JobState.FAILED);
      }
      store.rename(job.id(), "nightly~1");
      JobRecord next = submit(store, "nightly", 2);
      assertThat(store.find(POOL, "nightly")).contains(next);
      assertThat(store.find(POOL, "nightly~1").map(JobRecord::id)).contains(job.id());
      assertThat(store.list(null, 10))
          .extracting(JobRecord::name)
          .containsExactlyInAnyOrder("nightly", "nightly~1");
      try (StoredJob stored = store.job(job.id())) {
        assertThat(stored.record().name()).isEqualTo("nightly~1");
      }
      try (StoredJob stored = store.job(next.id())) {
        end(stored, JobState.FAILED);
      }
      assertThatThrownBy(() -> store.rename(next.id(), "nightly~1"))
          .isInstanceOf(JobExistsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_deleted_job_leaves_its_record_and_frees_its_name(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 100);
      store.delete(job.id(), "somebody");
      assertThat(store.find(POOL, "nightly")).isEmpty();
      assertThat(store.list(null, 10))
          .singleElement()
          .satisfies(
              record -> {
                assertThat(record.state()).isEqualTo(JobState.DELETED);
                assertThat(record.id()).isEqualTo(job.id());
                assertThat(record.calls()).isEqualTo(100);
                assertThat(record.ended()).isNotNull();
              });
      assertThat(jobFiles()).isEmpty();
      assertThatThrownBy(() -> store.job(job.id()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("there is no job with the id " + job.id());
      assertThatThrownBy(() -> store.delete(job.id(), "somebody"))
          .isInstanceOf(StoreException.class);
      submit(store, "nightly", 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_job_that_is_being_run_is_not_deleted(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 100);
      try (StoredJob stored = store.job(job.id())) {
        acquire(stored);
        assertThatThrownBy(() -> store.delete(job.id(), "somebody"))
            .isInstanceOf(StoreException.class)
            .hasMessage("job nightly is being run; cancel it and wait for its end");
        assertThat(stored.record().state()).isEqualTo(JobState.RUNNING);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void jobs_are_deleted_when_their_time_has_come(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord old = submit(store, "old", 1);
      JobRecord running = submit(store, "running", 1);
      Instant ended;
      try (StoredJob stored = store.job(old.id())) {
        end(stored, JobState.SUCCEEDED);
        ended = stored.record().ended();
      }
      assertThat(store.deleteExpired(ended.plus(KEEP).minusMillis(1))).isZero();
      assertThat(store.deleteExpired(ended.plus(KEEP))).isEqualTo(1);
      assertThat(store.deleteExpired(ended.plus(KEEP))).isZero();
      assertThat(store.find(POOL, "old")).isEmpty();
      assertThat(store.find(POOL, "running")).contains(running);
    }
  }

  @ParameterizedTest
  @EnumSource
  void uploads_that_were_given_up_are_removed_and_others_are_not(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobUpload upload = store.receive(newJob("nightly"))) {
      addLines(upload, 0, 100_000);
      Instant now = submit(store, "clock", 0).created();
      store.deleteExpired(now.plus(Duration.ofMinutes(50)));
      addLines(upload, 100_000, 200_000);
      store.deleteExpired(now.plus(Duration.ofHours(2)));
      assertThatThrownBy(upload::accept).isInstanceOf(JobExistsException.class);
      assertThat(store.find(POOL, "nightly")).isEmpty();
    }
    assertThat(jobFiles()).hasSize(kind == StoreKind.SQLITE ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource
  void a_job_that_is_retried_is_no_longer_listed_as_ended(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", 1);
      try (StoredJob stored = store.job(job.id())) {
        end(stored, JobState.FAILED);
        assertThat(other.list(null, 1).get(0).state()).isEqualTo(JobState.FAILED);
        long epoch = stored.tryAcquire("retry", LEASE).orElseThrow();
        stored.commit(epoch, changing(JobState.RUNNING, 1));
        JobRecord running = other.list(null, 1).get(0);
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.round()).isEqualTo(1);
        assertThat(running.ended()).isNull();
        stored.commit(epoch, changing(JobState.SUCCEEDED, 1));
        assertThat(other.list(null, 1).get(0).state()).isEqualTo(JobState.SUCCEEDED);
      }
    }
  }
}
