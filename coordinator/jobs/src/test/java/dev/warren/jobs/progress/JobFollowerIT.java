package dev.warren.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.Job;
import dev.warren.jobs.JobFunctions;
import dev.warren.jobs.JobSpec;
import dev.warren.jobs.Jobs;
import dev.warren.jobs.Retry;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.sql.StoreKind;
import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is seen of jobs in the store alone, in both kinds of store. */
@Timeout(300)
class JobFollowerIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int CALLS = 40;

  @TempDir private Path folder;
  private final Pool pool = Pool.builder().processes(2).context(ChildContext.threads()).open();

  @AfterEach
  void closePool() {
    pool.terminate();
    pool.join();
  }

  private JobSpec failing() {
    Path good = folder.resolve("now");
    return JobSpec.named("nightly")
        .function(JobFunctions.class.getName() + "::failing")
        .items(IntStream.range(0, CALLS).mapToObj(i -> i + " " + good).toList())
        .chunkSize(1)
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void follower_sees_failures_and_their_retry(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder.resolve("store"));
        Jobs jobs = Jobs.open(store, pool)) {
      Job job = jobs.submit(failing());
      try (JobFollower follower = JobFollower.open(store, job.id())) {
        assertThat(job.await(SOON).state()).isEqualTo(JobState.FAILED);
        follower.refresh();
        assertThat(follower.map().block(0)).isEqualTo("k3fk9fk9fk9fk6");
        CauseCount cause = follower.causes().get(0);
        assertThat(cause.kind()).isEqualTo("failed");
        JobStatistics statistics = follower.statistics();
        assertThat(statistics.samples().get(cause.fingerprint()))
            .containsExactlyInAnyOrder(3L, 13L, 23L, 33L);
        assertThat(sum(statistics.calls())).isEqualTo(CALLS);
        assertThat(sum(statistics.failures().get(cause.fingerprint()))).isEqualTo(4);
        assertThat(statistics.hosts()).hasSize(1);
        assertThat(statistics.quantileMillis(0.5)).isPositive();
        assertThat(sum(statistics.children().callsBefore())).isEqualTo(CALLS);
        assertThat(sum(statistics.failedChildren().get(cause.fingerprint()).callsBefore()))
            .isEqualTo(4);
        assertThat(follower.audit(10))
            .extracting(StoredJob.AuditEntry::what)
            .containsExactly("FAILED");
        Files.createFile(folder.resolve("now"));
        job.retry(Retry.ALL);
        assertThat(job.await(SOON).state()).isEqualTo(JobState.SUCCEEDED);
        follower.refresh();
        assertThat(follower.map().block(0)).isEqualTo("k" + CALLS);
        assertThat(follower.record().round()).isEqualTo(1);
        assertThat(follower.statistics().failures()).isEmpty();
        assertThat(sum(follower.statistics().calls())).as("of the retry").isEqualTo(4);
        assertThat(follower.statistics().retriedApart()).isEmpty();
      }
    }
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
