package dev.warren.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jobs.output.JobResults;
import dev.warren.jobs.spec.LineMode;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.sql.StoreKind;
import dev.warren.pool.JsonOutcomes;
import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs on the children of this process, in both kinds of store. */
@Timeout(300)
class JobsIT {
  private static final String TWICE = JobFunctions.class.getName() + "::twice";
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Pool pool = Pool.builder().processes(2).context(ChildContext.threads()).open();

  @BeforeEach
  void noFile() {
    assertThat(Files.exists(file())).isFalse();
  }

  @AfterEach
  void closePool() {
    pool.terminate();
    pool.join();
  }

  private Path file() {
    return folder.resolve("now");
  }

  private JobStore open(StoreKind kind) throws Exception {
    return kind.open(folder.resolve("store"));
  }

  private static List<String> values(JobResults results) {
    List<String> values = new ArrayList<>();
    try (results) {
      while (results.hasNext()) {
        JsonOutcomes.Item item = results.next();
        values.add(item.fold(value -> value.text(), failure -> failure.kind().wire()));
      }
    }
    return values;
  }

  private static JobSpec.Builder twice(String name, int calls) {
    return JobSpec.named(name)
        .function(JobFunctions::twice)
        .items(IntStream.range(0, calls).boxed().toList());
  }

  private JobSpec.Builder failing(String name) {
    String lines =
        IntStream.range(0, 50).mapToObj(i -> i + " " + file() + "\n").collect(Collectors.joining());
    return JobSpec.named(name)
        .function(JobFunctions.class.getName() + "::failing")
        .lines(LineMode.TEXT)
        .input(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
  }

  private JobSpec.Builder waiting(String name, int calls) {
    return JobSpec.named(name)
        .function(JobFunctions::await)
        .items(Collections.nCopies(calls, file().toString()));
  }

  @ParameterizedTest
  @EnumSource
  void a_job_runs_every_call_once_and_its_results_are_in_the_order_of_the_input(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      Job job = jobs.submit(twice("nightly", 5000).build());
      assertThat(values(job.results()))
          .isEqualTo(IntStream.range(0, 5000).mapToObj(i -> "" + 2 * i).toList());
      JobRecord ended = job.await(SOON);
      assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(ended.counts()).isEqualTo(new JobCounts(5000, 0, 0));
      assertThat(jobs.list(10)).extracting(JobRecord::name).containsExactly("nightly");
    }
  }

  /** The other one reads its whole input while this one reads its own. */
  @ParameterizedTest
  @EnumSource
  void of_two_that_submit_a_job_at_once_one_goes_on_with_the_job_of_the_other(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      List<Job> others = new ArrayList<>();
      JobInput slow = submitsMeanwhile(() -> others.add(jobs.submit(lines("nightly", 3))), 3);
      Job job = jobs.submit(JobSpec.named("nightly").function(TWICE).input(slow).build());
      assertThat(job.status().id()).isEqualTo(others.get(0).status().id());
      assertThat(values(job.results())).containsExactly("0", "2", "4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_two_that_submit_different_jobs_of_one_name_one_is_refused(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      JobInput slow = submitsMeanwhile(() -> jobs.submit(lines("nightly", 4)), 3);
      JobSpec mine = JobSpec.named("nightly").function(TWICE).input(slow).build();
      assertThatThrownBy(() -> jobs.submit(mine))
          .isInstanceOf(JobConflictException.class)
          .hasMessageContaining("the input has 3 lines, the job's has 4");
    }
  }

  private static JobSpec lines(String name, int calls) {
    JobInput input = submitsMeanwhile(() -> {}, calls);
    return JobSpec.named(name).function(TWICE).input(input).build();
  }

  /** An input of some numbers, which does something else before its last one. */
  private static JobInput submitsMeanwhile(Meanwhile action, int calls) {
    Iterator<Integer> numbers = IntStream.range(0, calls).iterator();
    return () -> {
      if (!numbers.hasNext()) {
        return null;
      }
      int number = numbers.next();
      if (number == calls - 1) {
        action.run();
      }
      return Payload.of(Integer.toString(number));
    };
  }

  private interface Meanwhile {
    void run() throws IOException;
  }

  /** Of docs/JOBS.md. */
  static final class Stats {
    static double score(String item) {
      return item.length();
    }
  }

  @Test
  void the_sample_of_the_page_about_jobs() throws Exception {
    String broker = "local:";
    String store = folder.resolve("store").toString();
    List<String> items = List.of("a", "bc");
    List<String> lines = new ArrayList<>();
    // sample
    try (Pool pool = Pool.open(broker); // amqp://user:password@host?pool=scores, or local:
        Jobs jobs = Jobs.open(store, pool)) { // a folder, or jdbc:postgresql://…
      Job job = jobs.submit(JobSpec.named("nightly").function(Stats::score).items(items).build());
      try (JobResults results = job.results()) {
        while (results.hasNext()) { // waits for the next outcome, in the order of the items
          JsonOutcomes.Item item = results.next();
          lines.add(item.index() + ": " + (item.failure() == null ? item.value() : item.failure()));
        }
      }
    }
    assertThat(lines).containsExactly("0: 1.0", "1: 2.0");
  }

  @ParameterizedTest
  @EnumSource
  void an_ended_job_that_is_submitted_again_does_not_run_again(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      JobRecord first = jobs.submit(twice("nightly", 10).build()).await(SOON);
      JobRecord second = jobs.submit(twice("nightly", 10).build()).await(SOON);
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.ended()).isEqualTo(first.ended());
    }
  }

  @ParameterizedTest
  @EnumSource
  void another_job_under_the_same_name_is_refused_naming_what_differs(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      jobs.submit(twice("nightly", 9000).build()).await(SOON);
      List<Integer> changed = new ArrayList<>(IntStream.range(0, 9000).boxed().toList());
      changed.set(5213, -1);
      assertThatThrownBy(() -> jobs.submit(twice("nightly", 1).items(changed).build()))
          .isInstanceOf(JobConflictException.class)
          .hasMessageContaining("line 5214 of the input differs");
      assertThatThrownBy(() -> jobs.submit(twice("nightly", 8999).build()))
          .hasMessageContaining("the input has 8999 lines, the job's has 9000");
      assertThatThrownBy(() -> jobs.submit(twice("nightly", 9001).build()))
          .hasMessageContaining("more than the job's 9000 lines");
      assertThatThrownBy(
              () ->
                  jobs.submit(
                      JobSpec.named("nightly")
                          .function(JobFunctions::fails)
                          .items(List.of(1))
                          .build()))
          .hasMessageContaining("function is ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void more_input_is_appended_only_if_that_is_wanted(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      jobs.submit(twice("nightly", 4100).build()).await(SOON);
      Job longer = jobs.submit(twice("nightly", 4200).append(true).build());
      assertThat(longer.await(SOON).counts()).isEqualTo(new JobCounts(4200, 0, 0));
      assertThat(values(longer.results()))
          .isEqualTo(IntStream.range(0, 4200).mapToObj(i -> "" + 2 * i).toList());
      assertThat(jobs.submit(twice("nightly", 4200).build()).status().state())
          .isEqualTo(JobState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_restart_keeps_the_old_job_under_another_name(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      jobs.submit(twice("nightly", 3).build()).await(SOON);
      jobs.submit(twice("nightly", 5).restart(true).build()).await(SOON);
      assertThat(jobs.find("nightly").orElseThrow().status().calls()).isEqualTo(5);
      assertThat(jobs.find("nightly~1").orElseThrow().status().calls()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failed_calls_are_counted_by_cause_and_can_be_retried(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      Job job = jobs.submit(failing("nightly").build());
      JobRecord ended = job.await(SOON);
      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.counts()).isEqualTo(new JobCounts(45, 5, 0));
      assertThat(job.causes())
          .singleElement()
          .satisfies(
              cause -> {
                assertThat(cause.calls()).isEqualTo(5);
                assertThat(cause.title())
                    .isEqualTo("java.lang.IllegalStateException: no number # today");
              });
      CauseCount cause = job.causes().get(0);
      assertThatThrownBy(() -> job.retry(Retry.of("000000000000")))
          .hasMessageContaining("has no call that failed with 000000000000");
      Files.createFile(file());
      job.retry(Retry.of(cause.fingerprint()).canary());
      assertThat(job.await(SOON).counts()).isEqualTo(new JobCounts(46, 4, 0));
      assertThat(job.causes()).extracting(CauseCount::calls).containsExactly(4L);
      job.retry(Retry.ALL);
      JobRecord good = job.await(SOON);
      assertThat(good.state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(good.counts()).isEqualTo(new JobCounts(50, 0, 0));
      assertThat(good.round()).isEqualTo(2);
      assertThat(job.causes()).isEmpty();
      assertThat(values(job.results()))
          .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "" + i).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_cancelled_job_keeps_its_values_and_ends_the_rest_as_cancelled(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      Job job = jobs.submit(waiting("nightly", 1000).build());
      await().atMost(SOON).until(() -> job.status().published() > 0);
      job.cancel();
      JobRecord ended = job.await(SOON);
      assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
      assertThat(ended.counts().ended()).isEqualTo(1000);
      assertThat(values(job.results())).hasSize(1000).contains(FailureKind.CANCELLED.wire());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_paused_job_publishes_nothing_until_it_is_resumed(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      Job job = jobs.submit(waiting("nightly", 1000).build());
      await().atMost(SOON).until(() -> job.status().published() > 0);
      job.pause();
      await().atMost(SOON).until(() -> job.state() == JobState.PAUSED);
      long published = job.status().published();
      Files.createFile(file());
      await().atMost(SOON).until(() -> job.status().counts().ended() == published);
      assertThat(job.status().published()).isEqualTo(published);
      job.resume();
      assertThat(job.await(SOON).state()).isEqualTo(JobState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_first_failure_of_a_job_that_fails_fast_cancels_the_rest(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      Job job =
          jobs.submit(
              JobSpec.named("nightly")
                  .function(JobFunctions::fails)
                  .items(IntStream.range(0, 5000).boxed().toList())
                  .options(TaskOptions.builder().failFast(true).build())
                  .build());
      JobRecord ended = job.await(SOON);
      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.counts().cancelled()).isPositive();
      assertThat(ended.counts().ended()).isEqualTo(5000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_job_goes_on_with_the_next_coordinator(StoreKind kind) throws Exception {
    try (JobStore store = open(kind)) {
      try (Jobs jobs = Jobs.open(store, pool)) {
        Job job = jobs.submit(waiting("nightly", 300).build());
        await().atMost(SOON).until(() -> job.status().published() > 0);
      }
      assertThat(store.find("default", "nightly").orElseThrow().leased()).isFalse();
      closePool();
      pool = Pool.builder().processes(2).context(ChildContext.threads()).open();
      Files.createFile(file());
      try (Jobs jobs = Jobs.open(store, pool)) {
        jobs.adopt();
        Job job = jobs.find("nightly").orElseThrow();
        assertThat(job.await(SOON).counts()).isEqualTo(new JobCounts(300, 0, 0));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_job_accepted_without_a_pool_is_run_by_a_coordinator_that_starts_or_is_there(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind)) {
      StoredJobs stored = new StoredJobs(store, pool.name());
      Job early = stored.submit(byName("early", "1\n2\n").build());
      assertThat(early.status().owner()).isNull();
      assertThat(early.state()).isEqualTo(JobState.RUNNING);
      assertThat(stored.submit(byName("early", "1\n2\n").build()).id()).isEqualTo(early.id());
      assertThatThrownBy(() -> stored.submit(byName("early", "1\n7\n").build()))
          .isInstanceOf(JobConflictException.class)
          .hasMessageContaining("line 2 of the input differs");
      assertThatThrownBy(() -> stored.submit(byName("wrong", "1\n{\n").build()))
          .hasMessageStartingWith("line 2 is not JSON");
      assertThatThrownBy(() -> stored.submit(twice("lambda", 1).build()))
          .hasMessageContaining("needs an open pool");
      assertThat(stored.list(9)).hasSize(1);
      try (Jobs jobs = Jobs.open(store, pool)) {
        jobs.adopt();
        assertThat(early.await(SOON).state()).isEqualTo(JobState.SUCCEEDED);
        Job late = stored.submit(byName("late", "3\n").build());
        assertThat(late.await(Duration.ofSeconds(20)).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(values(late.results())).containsExactly("6");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_repeated_submission_with_a_key_gets_the_first_job_whatever_became_of_it(StoreKind kind)
      throws Exception {
    String url = kind.newUrl(folder.resolve("store"));
    String id;
    try (Jobs jobs = Jobs.open(url, pool)) {
      jobs.submit(byName("a", "1\n").build()).await(SOON);
      Job again = jobs.submit(byName("a", "1\n2\n").restart(true).key("k", "r").build());
      assertThat(again.await(SOON).counts().succeeded()).isEqualTo(2);
      id = again.id();
    }
    try (Jobs jobs = Jobs.open(url, pool)) {
      jobs.submit(byName("a", "1\n2\n3\n").append(true).build()).await(SOON);
      Job repeated = jobs.submit(byName("a", "1\n2\n").restart(true).key("k", "r").build());
      assertThat(repeated.id()).isEqualTo(id);
      assertThat(jobs.list(9)).as("a and a~1").hasSize(2);
      assertThatThrownBy(() -> jobs.submit(byName("a", "1\n").key("k", "r").build()))
          .isInstanceOf(KeyReusedException.class);
      assertThatThrownBy(() -> jobs.submit(byName("b", "1\n2\n").key("k", "x").build()))
          .isInstanceOf(KeyReusedException.class)
          .hasMessage("the key 'k' was used for another submission; use a new one");
    }
  }

  private static JobSpec.Builder byName(String name, String lines) {
    return JobSpec.named(name)
        .function(TWICE)
        .input(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @EnumSource
  void a_pool_that_is_terminated_before_its_jobs_are_closed_ends_no_call(StoreKind kind)
      throws Exception {
    try (JobStore store = open(kind)) {
      try (Jobs jobs = Jobs.open(store, pool)) {
        Job job = jobs.submit(waiting("nightly", 300).build());
        await().atMost(SOON).until(() -> job.status().published() > 0);
        closePool();
      }
      JobRecord kept = store.find("default", "nightly").orElseThrow();
      assertThat(kept.counts()).isEqualTo(JobCounts.ZERO);
      assertThat(kept.state()).isEqualTo(JobState.RUNNING);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_delayed_job_publishes_nothing_before_its_time(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      TaskOptions later = TaskOptions.builder().delay(Duration.ofSeconds(2)).build();
      Job job = jobs.submit(twice("nightly", 10).options(later).build());
      JobRecord ended = job.await(SOON);
      assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(Duration.between(ended.created(), ended.ended()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void input_that_the_function_does_not_take_leaves_no_job(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      byte[] lines = "[1,2]\n[3]\n".getBytes(StandardCharsets.UTF_8);
      JobSpec spec =
          JobSpec.named("nightly")
              .function(JobFunctions.class.getName() + "::add")
              .arity(2)
              .input(new ByteArrayInputStream(lines))
              .build();
      assertThatThrownBy(() -> jobs.submit(spec))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("line 2 must be an array of 2 arguments, but has 1");
      assertThat(jobs.find("nightly")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_empty_job_succeeds_at_once(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      assertThat(jobs.submit(twice("nightly", 0).build()).await(SOON).state())
          .isEqualTo(JobState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_deleted_job_leaves_a_record(StoreKind kind) throws Exception {
    try (JobStore store = open(kind);
        Jobs jobs = Jobs.open(store, pool)) {
      jobs.submit(twice("nightly", 10).build()).await(SOON);
      jobs.delete("nightly");
      assertThat(jobs.find("nightly")).isEmpty();
      assertThat(jobs.list(10)).extracting(JobRecord::state).containsExactly(JobState.DELETED);
    }
  }
}
