package dev.warren.jobs.store.sql;

import static dev.warren.jobs.store.sql.StoreSamples.LEASE;
import static dev.warren.jobs.store.sql.StoreSamples.POOL;
import static dev.warren.jobs.store.sql.StoreSamples.acquire;
import static dev.warren.jobs.store.sql.StoreSamples.allSegments;
import static dev.warren.jobs.store.sql.StoreSamples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other processes that use a store at the same time, and that are killed. */
class StoreCrashIT {
  private static final int KILLS = 20;
  private static final long SEED = Long.getLong("warren.seed", System.nanoTime());

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void a_process_that_is_killed_while_it_commits_loses_nothing_that_was_kept(StoreKind kind)
      throws Exception {
    String url = kind.newUrl(folder);
    Random random = new Random(SEED);
    String id;
    try (JobStore store = SqlStore.open(url)) {
      id = submit(store, "nightly", 10).id();
    }
    long first = 0;
    for (int i = 0; i < KILLS; i++) {
      long kept = first;
      try (StoreProcess process = StoreProcess.journalling(url, id, first)) {
        for (int commits = random.nextInt(1, 40); commits > 0; commits--) {
          kept = process.next();
        }
        kept = process.kill(kept);
      }
      first = check(url, id, kept);
    }
  }

  /** Compares counts, causes and segments; returns the number after the last call's. */
  private static long check(String url, String id, long kept) {
    try (JobStore store = SqlStore.open(url);
        StoredJob job = store.job(id)) {
      // a server may still be writing what the killed process sent
      await().until(() -> job.tryAcquire("check", Duration.ofMillis(1)).isPresent());
      JobRecord record = job.record();
      long next = 0;
      long values = 0;
      Map<String, Long> causes = new HashMap<>();
      for (Segment segment : allSegments(job)) {
        Lines lines = Lines.split(segment.body());
        assertThat(lines.count()).isEqualTo(segment.calls().count());
        long[] numbers = numbers(segment);
        for (int i = 0; i < lines.count(); i++) {
          Payload line = lines.get(i);
          if (numbers[i] != next || !line.equals(StoreProcess.outcome(next))) {
            throw new AssertionError(
                "seed " + SEED + ": call " + numbers[i] + " instead of " + next + ": " + line);
          }
          if (OutcomeLine.isValue(line)) {
            values++;
          } else {
            causes.merge("cause " + next % 7, 1L, Long::sum);
          }
          next++;
        }
      }
      assertThat(next).describedAs("seed %s", SEED).isGreaterThanOrEqualTo(kept);
      assertThat(record.counts()).isEqualTo(new JobCounts(values, next - values, 0));
      assertThat(
              job.causes().stream()
                  .collect(Collectors.toMap(CauseCount::fingerprint, CauseCount::calls)))
          .isEqualTo(causes);
      return next;
    }
  }

  private static long[] numbers(Segment segment) {
    LongStream.Builder numbers = LongStream.builder();
    segment.calls().forEach(numbers::add);
    return numbers.build().toArray();
  }

  @ParameterizedTest
  @EnumSource
  void an_upload_that_is_killed_is_nothing(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      for (int i = 0; i < 3; i++) {
        try (StoreProcess process = StoreProcess.uploading(url, "nightly")) {
          while (process.next() < 100_000) {
            assertThat(store.find(POOL, "nightly")).isEmpty();
          }
          process.kill(0);
        }
        assertThat(store.find(POOL, "nightly")).isEmpty();
        assertThat(store.list(null, 10)).isEmpty();
      }
      JobRecord job = submit(store, "nightly", 5);
      assertThat(store.list(null, 10)).containsExactly(job);
      assertThat(files()).hasSize(kind == StoreKind.SQLITE ? 1 : 0);
    }
  }

  private List<String> files() throws Exception {
    Path jobs = folder.resolve("store/jobs");
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(jobs)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".db")).toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void several_processes_use_a_store_at_the_same_time(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url)) {
      String id = submit(store, "busy", 10).id();
      long kept;
      try (StoreProcess process = StoreProcess.journalling(url, id, 0);
          StoreProcess upload = StoreProcess.uploading(url, "never");
          StoredJob busy = store.job(id)) {
        process.next();
        upload.next();
        for (int i = 0; i < 10; i++) {
          JobRecord job = submit(store, "job" + i, 1000);
          try (StoredJob stored = store.job(job.id())) {
            long epoch = acquire(stored);
            stored.commit(
                epoch, StoreSamples.counting(new JobCounts(5, 0, 0), StoreSamples.outcomes(0, 5)));
            stored.commit(epoch, StoreSamples.changing(JobState.FAILED, 0));
            stored.release(epoch);
          }
          busy.request(i % 2 == 0 ? JobRequest.PAUSE : JobRequest.RESUME, "test");
          assertThat(store.list(null, 100)).hasSize(i + 2);
          assertThat(busy.record().request()).isNotEqualTo(JobRequest.NONE);
          process.next();
          upload.next();
        }
        assertThat(busy.record().counts().ended()).isPositive();
        kept = process.kill(0);
      }
      check(url, id, kept);
      try (StoredJob busy = store.job(id)) {
        assertThat(busy.tryAcquire("test", LEASE)).isPresent();
      }
    }
  }
}
