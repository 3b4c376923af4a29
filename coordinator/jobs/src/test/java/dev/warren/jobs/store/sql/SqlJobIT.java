package dev.warren.jobs.store.sql;

import static dev.warren.jobs.store.sql.StoreSamples.LEASE;
import static dev.warren.jobs.store.sql.StoreSamples.POOL;
import static dev.warren.jobs.store.sql.StoreSamples.acquire;
import static dev.warren.jobs.store.sql.StoreSamples.addLines;
import static dev.warren.jobs.store.sql.StoreSamples.allSegments;
import static dev.warren.jobs.store.sql.StoreSamples.causing;
import static dev.warren.jobs.store.sql.StoreSamples.changing;
import static dev.warren.jobs.store.sql.StoreSamples.commit;
import static dev.warren.jobs.store.sql.StoreSamples.counting;
import static dev.warren.jobs.store.sql.StoreSamples.line;
import static dev.warren.jobs.store.sql.StoreSamples.outcomes;
import static dev.warren.jobs.store.sql.StoreSamples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.SupersededException;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One job: its owner, its commits, its input. */
class SqlJobIT {
  @TempDir Path folder;

  // ---- ownership

  @ParameterizedTest
  @EnumSource
  void a_job_has_one_owner_at_a_time(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", 1);
      try (StoredJob first = store.job(job.id());
          StoredJob second = other.job(job.id())) {
        assertThat(first.tryAcquire("first", LEASE)).isEqualTo(OptionalLong.of(1));
        assertThat(second.tryAcquire("second", LEASE)).isEmpty();
        assertThat(first.tryAcquire("first", LEASE)).isEmpty();
        JobRecord owned = second.record();
        assertThat(owned.owner()).isEqualTo("first");
        assertThat(owned.epoch()).isEqualTo(1);
        assertThat(owned.leased()).isTrue();
        assertThat(first.renew(1, LEASE)).isTrue();
        assertThat(second.renew(0, LEASE)).isFalse();
        second.release(0);
        assertThat(first.record().leased()).isTrue();
        first.release(1);
        assertThat(first.record().leased()).isFalse();
        assertThat(second.tryAcquire("second", LEASE)).isEqualTo(OptionalLong.of(2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_owner_that_was_stopped_for_a_while_cannot_write_after_a_takeover(StoreKind kind)
      throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", 10);
      try (StoredJob frozen = store.job(job.id());
          StoredJob next = other.job(job.id())) {
        long old = frozen.tryAcquire("frozen", Duration.ofMillis(200)).orElseThrow();
        frozen.commit(old, commit(outcomes(0, 1)));
        OptionalLong epoch =
            await().until(() -> next.tryAcquire("next", LEASE), OptionalLong::isPresent);
        assertThat(epoch).hasValue(old + 1);
        assertThatThrownBy(
                () -> frozen.commit(old, counting(new JobCounts(1, 0, 0), outcomes(1, 1))))
            .isInstanceOf(SupersededException.class)
            .hasMessageContaining("nothing was written");
        assertThatThrownBy(() -> frozen.commit(old, changing(JobState.SUCCEEDED, 0)))
            .isInstanceOf(SupersededException.class);
        assertThat(frozen.renew(old, LEASE)).isFalse();
        frozen.release(old);
        assertThatThrownBy(() -> frozen.append(old)).isInstanceOf(StoreException.class);
        JobRecord record = next.record();
        assertThat(record.leased()).isTrue();
        assertThat(record.state()).isEqualTo(JobState.RUNNING);
        assertThat(record.counts()).isEqualTo(JobCounts.ZERO);
        assertThat(allSegments(next)).hasSize(1);
        assertThat(other.list(null, 1)).containsExactly(record);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_owner_keeps_writing_after_its_lease_until_somebody_takes_over(StoreKind kind)
      throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 10);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = stored.tryAcquire("owner", Duration.ZERO).orElseThrow();
        stored.commit(epoch, commit(outcomes(0, 1)));
        assertThat(stored.renew(epoch, LEASE)).isTrue();
      }
    }
  }

  // ---- commits

  @ParameterizedTest
  @EnumSource
  void a_commit_writes_everything_that_it_contains(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    Segment published =
        new Segment(0, Segment.Kind.PUBLISHED, CallRanges.of(0, 500), Payload.of(new byte[] {1}));
    Segment reset =
        new Segment(
            0, Segment.Kind.RESET, CallRanges.of(new long[] {7, 3, 1L << 40}), Payload.EMPTY);
    try (JobStore store = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", 1000);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = acquire(stored);
        stored.commit(
            epoch,
            new Commit(
                List.of(published, outcomes(0, 100)),
                500,
                new JobCounts(90, 8, 2),
                List.of(StoreSamples.cause("npe", 8, 5, 1000)),
                null));
        stored.commit(
            epoch, new Commit(List.of(reset), -1, new JobCounts(0, -3, 0), List.of(), null));
      }
    }
    try (JobStore store = SqlStore.open(url)) {
      JobRecord job = store.find(POOL, "nightly").orElseThrow();
      assertThat(job.published()).isEqualTo(500);
      assertThat(job.counts()).isEqualTo(new JobCounts(90, 5, 2));
      assertThat(job.counts().ended()).isEqualTo(97);
      try (StoredJob stored = store.job(job.id())) {
        List<Segment> segments = allSegments(stored);
        assertThat(segments).extracting(Segment::seq).containsExactly(0L, 1L, 2L);
        assertThat(segments.get(0).calls()).isEqualTo(published.calls());
        assertThat(segments.get(0).body()).isEqualTo(published.body());
        assertThat(segments.get(1).body()).isEqualTo(outcomes(0, 100).body());
        assertThat(segments.get(2).calls()).isEqualTo(reset.calls());
        assertThat(segments.get(2).body().length()).isZero();
        assertThat(stored.causes()).containsExactly(StoreSamples.cause("npe", 8, 5, 1000));
        List<Segment> some = new ArrayList<>();
        stored.segments(1, EnumSet.of(Segment.Kind.PUBLISHED, Segment.Kind.RESET), some::add);
        assertThat(some).extracting(Segment::seq).containsExactly(2L);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_change_of_state_ends_the_job_and_answers_the_request(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 1);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = acquire(stored);
        stored.request(JobRequest.PAUSE, "somebody");
        assertThat(stored.record().request()).isEqualTo(JobRequest.PAUSE);
        stored.commit(epoch, changing(JobState.PAUSED, 0));
        assertThat(stored.record().request()).isEqualTo(JobRequest.NONE);
        assertThat(stored.record().state()).isEqualTo(JobState.PAUSED);
        stored.request(JobRequest.RESUME, "somebody");
        stored.request(JobRequest.CANCEL, "somebody");
        stored.commit(epoch, changing(JobState.RUNNING, 0));
        assertThat(stored.record().request())
            .describedAs("a later request is not lost")
            .isEqualTo(JobRequest.CANCEL);
        stored.commit(epoch, changing(JobState.CANCELLING, 0));
        assertThat(stored.record().request()).isEqualTo(JobRequest.NONE);
        assertThat(stored.record().ended()).isNull();
        stored.commit(epoch, changing(JobState.CANCELLED, 0));
        assertThat(stored.record().ended()).isNotNull();
        stored.request(JobRequest.CANCEL, "somebody");
        assertThat(stored.record().request()).isEqualTo(JobRequest.NONE);
        stored.commit(epoch, changing(JobState.RUNNING, 1));
        assertThat(stored.record().ended()).isNull();
        assertThat(stored.record().round()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void segments_of_any_size_are_read_in_order(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 1);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = acquire(stored);
        for (int i = 0; i < 5; i++) {
          List<Segment> segments = new ArrayList<>();
          for (int j = 0; j < 500; j++) {
            segments.add(outcomes(500L * i + j, 1));
          }
          segments.add(
              new Segment(
                  0,
                  Segment.Kind.OUTCOMES,
                  CallRanges.of(100_000 + i, 1),
                  Payload.of(new byte[3 << 20])));
          stored.commit(epoch, new Commit(segments, -1, JobCounts.ZERO, List.of(), null));
        }
        List<Long> seqs = new ArrayList<>();
        stored.segments(10, EnumSet.of(Segment.Kind.OUTCOMES), segment -> seqs.add(segment.seq()));
        assertThat(seqs).hasSize(2505 - 10).isSorted().doesNotHaveDuplicates();
        assertThat(seqs.get(0)).isEqualTo(10);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void outcomes_of_some_calls_are_found_without_the_others(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 1);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = acquire(stored);
        for (int i = 0; i < 20; i++) {
          stored.commit(
              epoch,
              commit(
                  new Segment(0, Segment.Kind.PUBLISHED, CallRanges.of(10L * i, 10), Payload.EMPTY),
                  outcomes(10L * i, 10)));
        }
        stored.commit(
            epoch,
            commit(
                new Segment(
                    0,
                    Segment.Kind.OUTCOMES,
                    CallRanges.of(new long[] {500, 3}),
                    outcomes(0, 2).body())));
        List<Segment> found = new ArrayList<>();
        stored.outcomes(55, 60, found::add);
        assertThat(found)
            .extracting(segment -> segment.calls().get(0))
            .containsExactly(50L, 60L, 500L);
        found.clear();
        stored.outcomes(501, Long.MAX_VALUE, found::add);
        assertThat(found).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void causes_beyond_a_thousand_are_counted_together(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord job = submit(store, "nightly", 1);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = acquire(stored);
        List<CauseCount> causes = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
          causes.add(StoreSamples.cause("cause" + i, 1 + i % 3, i, 1000 + i));
        }
        stored.commit(epoch, causing(causes));
        stored.commit(
            epoch,
            causing(
                List.of(
                    StoreSamples.cause("cause7", 10, 3, 500),
                    StoreSamples.cause("one more", 5, 9000, 9000),
                    StoreSamples.cause("unknown", -1, 1, 9000))));
        List<CauseCount> stays = stored.causes();
        assertThat(stays)
            .hasSize(1001)
            .isSortedAccordingTo((a, b) -> Long.compare(b.calls(), a.calls()));
        CauseCount seven = stays.get(0);
        assertThat(seven.fingerprint()).isEqualTo("cause7");
        assertThat(seven.calls()).isEqualTo(12);
        assertThat(seven.firstCall()).isEqualTo(3);
        assertThat(seven.first().toEpochMilli()).isEqualTo(500);
        assertThat(seven.last().toEpochMilli()).isEqualTo(1007);
        CauseCount other =
            stays.stream().filter(c -> c.fingerprint().equals("other")).findFirst().orElseThrow();
        assertThat(other.calls()).isEqualTo(1 + 1000 % 3 + 5 - 1);
        assertThat(other.firstCall()).isEqualTo(1000);
        stored.commit(epoch, causing(List.of(StoreSamples.cause("cause7", -12, 3, 500))));
        assertThat(stored.causes()).extracting(CauseCount::fingerprint).doesNotContain("cause7");
      }
    }
  }

  // ---- more input

  @ParameterizedTest
  @EnumSource
  void appended_input_is_one_with_the_input_before(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    int before = 50_003;
    int after = 120_001;
    try (JobStore store = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", before);
      try (StoredJob stored = store.job(job.id())) {
        long epoch = acquire(stored);
        try (JobUpload upload = stored.append(epoch)) {
          assertThat(upload.lines()).isEqualTo(before);
          addLines(upload, before, 90_000);
        } // given up
        assertThat(stored.record().calls()).isEqualTo(before);
        JobRecord appended;
        try (JobUpload upload = stored.append(epoch)) {
          addLines(upload, before, after);
          appended = upload.accept();
        }
        assertThat(appended.calls()).isEqualTo(after);
        assertThat(appended).isEqualTo(stored.record());
        InputDigester whole = new InputDigester();
        long bytes = 0;
        for (int at = 0; at < after; at++) {
          Payload line = stored.input(at, 1).get(0);
          assertThat(line).isEqualTo(line(at));
          whole.add(line);
          bytes += line.length() + 1;
        }
        assertThat(stored.digest()).isEqualTo(whole.digest());
        assertThat(appended.inputBytes()).isEqualTo(bytes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_appended_after_a_takeover(StoreKind kind) throws Exception {
    String url = kind.newUrl(folder);
    try (JobStore store = SqlStore.open(url);
        JobStore other = SqlStore.open(url)) {
      JobRecord job = submit(store, "nightly", 10);
      try (StoredJob stored = store.job(job.id());
          StoredJob next = other.job(job.id())) {
        long epoch = stored.tryAcquire("first", Duration.ZERO).orElseThrow();
        try (JobUpload upload = stored.append(epoch)) {
          addLines(upload, 10, 20);
          await().until(() -> next.tryAcquire("next", LEASE).isPresent());
          assertThatThrownBy(upload::accept)
              .isInstanceOf(StoreException.class)
              .hasMessageContaining("another coordinator has taken it over");
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("another coordinator has taken it over");
        }
        assertThat(next.record().calls()).isEqualTo(10);
      }
    }
  }
}
