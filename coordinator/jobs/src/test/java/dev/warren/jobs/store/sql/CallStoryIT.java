package dev.warren.jobs.store.sql;

import static dev.warren.jobs.store.sql.StoreSamples.acquire;
import static dev.warren.jobs.store.sql.StoreSamples.changing;
import static dev.warren.jobs.store.sql.StoreSamples.commit;
import static dev.warren.jobs.store.sql.StoreSamples.counting;
import static dev.warren.jobs.store.sql.StoreSamples.line;
import static dev.warren.jobs.store.sql.StoreSamples.outcomes;
import static dev.warren.jobs.store.sql.StoreSamples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.timeline.CallPage;
import dev.warren.jobs.timeline.CallState;
import dev.warren.jobs.timeline.CallStory;
import dev.warren.jobs.timeline.FailedCalls;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.timeline.CallTimeline;
import dev.warren.timeline.TimelineEvent;
import dev.warren.wire.CallRanges;
import dev.warren.wire.OutcomeLine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the journal of a job says about its calls. */
class CallStoryIT {
  @TempDir Path folder;

  /** Calls in two messages, 7 and 3. */
  private static Segment published() {
    return new Segment(
        0, Segment.Kind.PUBLISHED, CallRanges.of(0, 10), Payload.of(new byte[] {7, 3}));
  }

  private static Segment failed(long number) {
    RemoteFailure failure = RemoteFailure.of(FailureKind.CHILD_LOST, "its child died", 1);
    return new Segment(0, Segment.Kind.OUTCOMES, CallRanges.of(number, 1), OutcomeLine.of(failure));
  }

  private static Segment reset(long number) {
    return new Segment(0, Segment.Kind.RESET, CallRanges.of(number, 1), Payload.EMPTY);
  }

  private static CallStory story(StoredJob job, long index) {
    return CallStory.read(job, index).orElseThrow();
  }

  private static List<String> labels(CallStory story) {
    return story.events().stream().map(TimelineEvent::event).toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_call_that_failed_and_ran_again_is_told_round_by_round(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord record = submit(store, "nightly", 12);
      try (StoredJob job = store.job(record.id())) {
        long epoch = acquire(job);
        job.commit(epoch, commit(published()));
        job.commit(epoch, commit(outcomes(0, 3), failed(3)));
        assertThat(story(job, 3).state()).isEqualTo(CallState.FAILED);
        assertThat(story(job, 5).state()).isEqualTo(CallState.QUEUED);
        assertThat(story(job, 11).state()).isEqualTo(CallState.UNREAD);
        assertThat(CallStory.read(job, 12)).isEmpty();
        long again = CallNumber.of(1, 3);
        job.commit(epoch, commit(reset(again)));
        job.commit(epoch, changing(JobState.RUNNING, 1));
        assertThat(story(job, 3).state()).isEqualTo(CallState.UNREAD);
        job.commit(epoch, commit(outcomes(again, 1)));
        CallStory story = story(job, 3);
        assertThat(story.line()).isEqualTo(line(3));
        assertThat(story.state()).isEqualTo(CallState.OK);
        assertThat(labels(story))
            .containsExactly("accepted", "published", "outcome_stored", "reset", "outcome_stored");
        assertThat(story.events().get(1).text()).endsWith(", with 6 others");
        assertThat(story.events().get(2).text()).contains("child_lost", "its child died");
        assertThat(story.question().calls()).containsExactly(3L, again);
        assertThat(story.events())
            .allSatisfy(
                event ->
                    assertThat(event.atMillis())
                        .isCloseTo(
                            System.currentTimeMillis(),
                            org.assertj.core.data.Offset.offset(60_000L)));
        assertThat(CallPage.read(job, 2, 100))
            .extracting(CallPage.Call::state)
            .startsWith(CallState.OK, CallState.OK, CallState.QUEUED)
            .endsWith(CallState.UNREAD)
            .hasSize(10);
        assertThat(CallPage.read(job, 12, 5)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void failed_calls_are_found_behind_calls_without_an_outcome(StoreKind kind) throws Exception {
    try (JobStore store = kind.open(folder)) {
      JobRecord record = submit(store, "nightly", 12);
      try (StoredJob job = store.job(record.id())) {
        long epoch = acquire(job);
        assertThat(FailedCalls.read(job, 0, 10, () -> false)).isEmpty();
        job.commit(epoch, commit(published()));
        job.commit(epoch, counting(new JobCounts(0, 2, 0), failed(3), failed(7)));
        job.commit(epoch, commit(reset(CallNumber.of(1, 3))));
        assertThat(FailedCalls.read(job, 0, 10, () -> false))
            .extracting(CallPage.Call::index)
            .containsExactly(7L);
        job.commit(epoch, commit(failed(CallNumber.of(1, 3)), outcomes(4, 2)));
        assertThat(FailedCalls.read(job, 0, 10, () -> false))
            .allSatisfy(call -> assertThat(call.line()).isEqualTo(line(call.index())))
            .allSatisfy(call -> assertThat(call.outcome()).isNotNull())
            .extracting(CallPage.Call::index)
            .containsExactly(3L, 7L);
        assertThat(FailedCalls.read(job, 4, 10, () -> false)).hasSize(1);
        assertThat(FailedCalls.read(job, 0, 1, () -> false)).hasSize(1);
        assertThat(FailedCalls.read(job, 12, 5, () -> false)).isEmpty();
        assertThat(FailedCalls.read(job, 0, 10, () -> true)).isEmpty();
      }
    }
  }

  @Test
  void what_a_worker_did_in_the_same_millisecond_comes_before_what_was_stored() throws Exception {
    try (JobStore store = StoreKind.SQLITE.open(folder)) {
      JobRecord record = submit(store, "nightly", 10);
      try (StoredJob job = store.job(record.id())) {
        long epoch = acquire(job);
        job.commit(epoch, commit(published()));
        job.commit(epoch, commit(failed(3)));
        job.commit(epoch, commit(reset(CallNumber.of(1, 3))));
        CallStory story = story(job, 3);
        long stored = story.events().get(2).atMillis() - 1; // the database's clock
        TimelineEvent sent = new TimelineEvent(stored, "worker h/w", "outcome_sent", "");
        assertThat(
                labels(
                    story.with(new CallTimeline(List.of(sent), 1, 1, false, false, 0, List.of()))))
            .containsExactly("accepted", "published", "outcome_sent", "outcome_stored", "reset");
      }
    }
  }

  @Test
  void events_of_workers_are_merged_by_time_and_say_what_is_missing() throws Exception {
    try (JobStore store = StoreKind.SQLITE.open(folder)) {
      JobRecord record = submit(store, "nightly", 10);
      try (StoredJob job = store.job(record.id())) {
        job.commit(acquire(job), commit(published()));
        CallStory story = story(job, 0);
        long later = System.currentTimeMillis() + 1000;
        TimelineEvent given = new TimelineEvent(later, "worker h/w", "given", "to child w-1");
        CallStory running =
            story.with(new CallTimeline(List.of(given), 1, 1, true, true, 0, List.of()));
        assertThat(running.state()).isEqualTo(CallState.RUNNING);
        assertThat(labels(running)).containsExactly("accepted", "published", "given");
        assertThat(running.note()).isNull();
        CallStory unknown =
            story.with(new CallTimeline(List.of(), 2, 1, false, false, 3, List.of("Late.")));
        assertThat(unknown.note())
            .startsWith("Late. No worker remembers the call.")
            .endsWith("left out 3 events of the call's messages.");
      }
    }
  }

  @Test
  void a_store_of_an_older_program_is_read_with_unknown_times() throws Exception {
    String url = StoreKind.SQLITE.newUrl(folder);
    String id;
    try (JobStore store = SqlStore.open(url)) {
      id = submit(store, "nightly", 10).id();
      try (StoredJob job = store.job(id)) {
        job.commit(acquire(job), commit(published()));
      }
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + url + "/jobs/" + id + ".db");
        Statement statement = connection.createStatement()) {
      statement.execute("alter table segment drop column written");
      statement.execute("drop table unique_key");
      statement.execute("drop table pool_audit");
      statement.execute("delete from migration where version >= 3");
    }
    try (JobStore store = SqlStore.open(url);
        StoredJob job = store.job(id)) {
      CallStory story = story(job, 9);
      assertThat(labels(story)).containsExactly("accepted", "published");
      assertThat(story.events().get(1).atMillis()).isZero();
    }
  }
}
