package dev.warren.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jobs.meter.JobMeters;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.SupersededException;
import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Meters;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import dev.warren.wire.OutcomeLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final int SECONDS = 60;

  private final ScriptedJob job = new ScriptedJob();
  private final LinkedBlockingQueue<SupersededException> superseded = new LinkedBlockingQueue<>();
  private final List<RemoteFailure> judged = new ArrayList<>();
  private final Journal journal =
      Journal.start(
          job,
          1,
          this::causeOf,
          new RunStatistics(JobStatistics.NONE, 0),
          superseded::add,
          TimeSource.SYSTEM,
          new Meters().histogram(JobMeters.JOURNAL_COMMIT));

  private Cause causeOf(RemoteFailure failure) {
    judged.add(failure);
    return new Cause(failure.type(), "error", "title of " + failure.type());
  }

  @AfterEach
  void end() {
    job.allow(1000);
    journal.close();
  }

  private static Lines values(int count) {
    Lines.Builder lines = new Lines.Builder(100, count);
    for (int i = 0; i < count; i++) {
      lines.add(Payload.of("{\"value\":" + i + "}"));
    }
    return lines.build();
  }

  private void values(long first, int count) {
    journal.outcomes(first, values(count), 0, count, RanBy.NOBODY);
  }

  private static void await(CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
  }

  private Commit begun() throws InterruptedException {
    return job.begun.poll(SECONDS, TimeUnit.SECONDS);
  }

  /** Makes the journal busy with a commit of call 0, until the test allows it to end. */
  private void occupy() throws InterruptedException {
    job.hold();
    values(0, 1);
    begun();
  }

  @Test
  void an_idle_journal_writes_at_once_and_has_nothing_to_keep() throws Exception {
    assertThat(journal.kept().toCompletableFuture()).isCompleted();
    values(5, 3);
    await(journal.kept());
    Commit commit = job.written().get(0);
    assertThat(commit.segments())
        .containsExactly(
            new Segment(
                0,
                Segment.Kind.OUTCOMES,
                CallRanges.of(5, 3),
                Payload.of("{\"value\":0}\n{\"value\":1}\n{\"value\":2}")));
    assertThat(commit.added()).isEqualTo(new JobCounts(3, 0, 0));
    assertThat(commit.published()).isEqualTo(-1);
    assertThat(commit.change()).isNull();
  }

  @Test
  void only_the_given_lines_are_written() throws Exception {
    journal.outcomes(100, values(10), 4, 6, RanBy.NOBODY);
    journal.outcomes(100, values(10), 4, 4, RanBy.NOBODY);
    await(journal.kept());
    assertThat(job.written()).hasSize(1);
    Segment segment = job.written().get(0).segments().get(0);
    assertThat(segment.calls()).isEqualTo(CallRanges.of(100, 2));
    assertThat(segment.body()).isEqualTo(Payload.of("{\"value\":4}\n{\"value\":5}"));
  }

  @Test
  void whatever_came_during_a_commit_is_the_next_one() throws Exception {
    occupy();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      values(2L * i, 1);
      stages.add(journal.kept());
    }
    assertThat(stages).noneMatch(stage -> stage.toCompletableFuture().isDone());
    job.allow(1);
    Commit second = begun();
    assertThat(stages).noneMatch(stage -> stage.toCompletableFuture().isDone());
    job.allow(1);
    for (CompletionStage<Void> stage : stages) {
      await(stage);
    }
    assertThat(second.segments()).hasSize(1);
    assertThat(second.segments().get(0).calls().count()).isEqualTo(100);
    assertThat(second.segments().get(0).calls().get(99)).isEqualTo(200);
    assertThat(job.written()).hasSize(2);
  }

  @Test
  void a_transaction_has_at_most_5000_outcomes() throws Exception {
    occupy();
    values(1, 3_000);
    values(10_000, 9_000);
    job.allow(1000);
    await(journal.kept());
    assertThat(job.written())
        .extracting(commit -> commit.added().succeeded())
        .containsExactly(1L, 5_000L, 5_000L, 2_000L);
    List<Long> calls = new ArrayList<>();
    for (Commit commit : job.written()) {
      for (Segment segment : commit.segments()) {
        assertThat(Lines.split(segment.body()).count()).isEqualTo(segment.calls().count());
        segment.calls().forEach(calls::add);
      }
    }
    assertThat(calls).hasSize(12_001).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void a_transaction_has_at_most_4_mib_but_one_outcome_may_be_larger() throws Exception {
    occupy();
    Payload large = Payload.of("{\"value\":\"" + "x".repeat(1_500_000) + "\"}");
    Payload huge = Payload.of("{\"value\":\"" + "x".repeat(5_000_000) + "\"}");
    Lines.Builder lines = new Lines.Builder(100, 10);
    for (int i = 0; i < 5; i++) {
      lines.add(large);
    }
    lines.add(huge);
    lines.add(Payload.of("{\"value\":1}"));
    journal.outcomes(1, lines.build(), 0, 7, RanBy.NOBODY);
    job.allow(1000);
    await(journal.kept());
    assertThat(job.written())
        .extracting(commit -> commit.added().succeeded())
        .containsExactly(1L, 2L, 2L, 1L, 1L, 1L);
  }

  @Test
  void failures_are_counted_by_kind_and_cause() throws Exception {
    occupy();
    Lines.Builder lines = new Lines.Builder(100, 10);
    lines.add(Payload.of("{\"value\":1}"));
    lines.add(failure(FailureKind.FAILED, "first"));
    lines.add(failure(FailureKind.CANCELLED, "told to"));
    lines.add(failure(FailureKind.CANCELLED, "told to"));
    lines.add(failure(FailureKind.CHILD_LOST, "second"));
    lines.add(failure(FailureKind.FAILED, "third"));
    lines.add(failure(FailureKind.FAILED, "third"));
    lines.add(Payload.of("{\"error\":"));
    journal.outcomes(100, lines.build(), 0, 8, RanBy.NOBODY);
    job.allow(1000);
    await(journal.kept());
    Commit commit = job.written().get(1);
    assertThat(commit.added()).isEqualTo(new JobCounts(1, 5, 2));
    assertThat(commit.causes())
        .extracting(CauseCount::fingerprint, CauseCount::calls, CauseCount::firstCall)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("failed", 3L, 101L),
            org.assertj.core.groups.Tuple.tuple("child_lost", 1L, 104L),
            org.assertj.core.groups.Tuple.tuple("malformed", 1L, 107L));
    assertThat(judged).describedAs("equal failures are judged once").hasSize(3);
  }

  private static Payload failure(FailureKind kind, String message) {
    return OutcomeLine.of(RemoteFailure.of(kind, message, 1));
  }

  @Test
  void transactions_are_written_in_the_order_given() throws Exception {
    occupy();
    values(1, 2);
    CompletionStage<Void> published =
        journal.published(CallRanges.of(10, 5), Payload.of("boundaries"), 15);
    values(3, 1);
    CompletionStage<Void> changed =
        journal.change(new Commit.Change(JobState.FAILED, 0, "journal"), JobCounts.ZERO);
    values(4, 1);
    job.allow(1000);
    await(journal.kept());
    await(published);
    await(changed);
    assertThat(job.written()).hasSize(3);
    Commit first = job.written().get(1);
    assertThat(first.segments())
        .extracting(Segment::kind)
        .containsExactly(Segment.Kind.PUBLISHED, Segment.Kind.OUTCOMES);
    assertThat(first.segments().get(1).calls().count()).isEqualTo(3);
    assertThat(first.published()).isEqualTo(15);
    assertThat(first.change()).isEqualTo(new Commit.Change(JobState.FAILED, 0, "journal"));
    assertThat(job.written().get(2).added()).isEqualTo(new JobCounts(1, 0, 0));
  }

  @Test
  void a_failed_commit_is_tried_again_with_the_same_content() throws Exception {
    job.fail(new StoreException("the disk is full", null));
    job.fail(new IllegalStateException("a bug"));
    values(0, 3);
    CompletionStage<Void> kept = journal.kept();
    Commit first = begun();
    assertThat(begun()).isSameAs(first);
    assertThat(begun()).isSameAs(first);
    await(kept);
    assertThat(job.written()).containsExactly(first);
  }

  @Test
  void stages_wait_while_the_database_fails() throws Exception {
    occupy();
    CompletionStage<Void> kept = journal.kept();
    job.fail(new StoreException("the disk is full", null));
    job.allow(1);
    begun();
    assertThat(kept.toCompletableFuture()).isNotDone();
    job.allow(1);
    await(kept);
  }

  @Test
  void after_a_takeover_every_stage_fails_and_the_callback_runs_once() throws Exception {
    occupy();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    stages.add(journal.kept());
    stages.add(journal.published(CallRanges.of(10, 5), Payload.EMPTY, 15));
    stages.add(journal.change(new Commit.Change(JobState.FAILED, 0, "journal"), JobCounts.ZERO));
    values(1, 1);
    stages.add(journal.kept());
    job.fail(new SupersededException("taken over"));
    job.allow(1000);
    assertThat(superseded.poll(SECONDS, TimeUnit.SECONDS)).isNotNull();
    values(2, 1);
    stages.add(journal.kept());
    stages.add(journal.change(new Commit.Change(JobState.FAILED, 0, "journal"), JobCounts.ZERO));
    for (CompletionStage<Void> stage : stages) {
      CompletableFuture<Void> future = stage.toCompletableFuture();
      assertThatThrownBy(() -> future.get(SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SupersededException.class);
    }
    journal.close();
    assertThat(superseded).isEmpty();
    assertThat(job.written()).isEmpty();
  }

  @Test
  void closing_writes_the_rest_and_accepts_nothing_more() throws Exception {
    occupy();
    values(1, 10);
    CompletionStage<Void> kept = journal.kept();
    job.allow(1000);
    journal.close();
    assertThat(kept.toCompletableFuture()).isCompleted();
    assertThat(job.written()).hasSize(2);
    values(50, 1);
    assertThatThrownBy(() -> await(journal.kept()))
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    journal.close();
    assertThat(job.written()).hasSize(2);
  }

  @Test
  void a_stage_may_close_the_journal() throws Exception {
    occupy();
    CompletionStage<Void> closed = journal.kept().thenRun(journal::close);
    job.allow(1000);
    await(closed);
  }
}
