package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.ChildContext;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker with real child processes on an in-memory broker. */
class WorkerIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String TASKS = new PoolNames("default").tasks();

  @TempDir Path folder;
  private final Broker broker = InMemoryBroker.open();
  private final TestOwner owner = new TestOwner(broker, "default");
  private final Events events = new Events();
  private Worker worker = start(config());

  private static WorkerConfig.Builder config() {
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    return WorkerConfig.builder().processes(2).classPath(classPath).grace(Duration.ofSeconds(5));
  }

  private Worker start(WorkerConfig.Builder config) {
    return Worker.start(config.build(), broker, events);
  }

  private void restart(WorkerConfig.Builder config) {
    worker.close();
    worker = start(config);
  }

  @AfterEach
  void leave_no_process() {
    worker.close();
    broker.close();
    long children =
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().toString().contains("ChildMain"))
            .count();
    assertThat(children).as("children left after close").isZero();
  }

  private void awaitEnded(int calls) {
    await().atMost(SOON).until(() -> owner.ended() == calls);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void each_of_many_calls_ends_with_its_own_outcome() {
    long first = owner.submit("thirdsFail", numbers(10_000), 250);
    awaitEnded(10_000);
    for (int i = 0; i < 10_000; i++) {
      if (i % 3 == 0) {
        assertThat(owner.failure(first + i).message()).isEqualTo("no thirds: " + i);
      } else {
        assertThat(owner.value(first + i)).isEqualTo(Integer.toString(i));
      }
    }
    assertThat(owner.repeats()).isZero();
  }

  @Test
  void heartbeats_count_the_calls_that_ended_and_those_that_failed() {
    List<Map<String, Object>> beats = new CopyOnWriteArrayList<>();
    PoolNames names = new PoolNames("default");
    broker.declare(PoolNames.privateTopology("beats", names.events(), Heartbeat.KEY));
    broker.subscribe(
        "beats",
        10,
        delivery -> {
          beats.add(delivery.message().headers());
          delivery.ack();
        });
    owner.submit("thirdsFail", numbers(30), 7);
    awaitEnded(30);
    broker.publish(new Route(names.control(), ""), new HelloMessage("hello").toMessage()).join();
    await()
        .atMost(SOON)
        .until(
            () ->
                beats.stream()
                    .anyMatch(
                        beat ->
                            beat.get(Headers.CALLS_ENDED).equals(30L)
                                && beat.get(Headers.CALLS_FAILED).equals(10L)));
  }

  @Test
  void no_child_runs_more_calls_than_its_bound_and_every_call_runs_once() {
    restart(config().maxTasksPerChild(7));
    long first = owner.submit("pidAndCount", numbers(100), 10);
    awaitEnded(100);
    Map<String, Integer> callsByPid = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      String[] pidAndCount = owner.value(first + i).replace("\"", "").split(":");
      callsByPid.merge(pidAndCount[0], 1, Integer::sum);
      assertThat(Integer.parseInt(pidAndCount[1])).isLessThanOrEqualTo(7);
    }
    assertThat(callsByPid.values()).allMatch(calls -> calls <= 7);
    assertThat(owner.repeats()).isZero();
    assertThat(events.recycled).anyMatch(reason -> reason.startsWith("ran "));
  }

  @Test
  void calls_given_ahead_do_not_wait_behind_a_long_one() throws Exception {
    // until the function is known to be short
    owner.submit("waitFor", Collections.nCopies(2000, ""), 10);
    awaitEnded(2000);
    Path file = folder.resolve("go");
    List<String> last = new ArrayList<>(Collections.nCopies(400, ""));
    last.set(100, file.toString());
    owner.submit("waitFor", last, 400);
    awaitEnded(2399);
    Files.createFile(file);
    awaitEnded(2400);
    assertThat(owner.repeats()).isZero();
  }

  @Test
  void a_child_killed_during_a_call_costs_only_another_run() throws Exception {
    Path file = folder.resolve("pid");
    long call = owner.submit("hangOnce", List.of(file.toString()), 1);
    kill(file);
    awaitEnded(1);
    assertThat(owner.value(call)).isEqualTo("1");
  }

  @Test
  void a_call_expires_by_its_owners_clock_whatever_this_ones_shows() {
    long theirs = System.currentTimeMillis() - 600_000;
    broker.publish(Route.toQueue(TASKS), sentAt(0, theirs, theirs + 60_000)).join();
    broker.publish(Route.toQueue(TASKS), sentAt(1, theirs, theirs)).join();
    awaitEnded(2);
    assertThat(owner.value(0)).isEqualTo("5");
    assertThat(owner.failure(1).kind()).isEqualTo(FailureKind.EXPIRED);
  }

  private Message sentAt(long call, long millis, long expiresAtMillis) {
    return TaskSample.message(
            owner.task("same", List.of(5), call, 1, TaskOptions.DEFAULTS, PoolSettings.DEFAULTS))
        .with(Headers.SENT_AT_MS, millis)
        .with(Headers.EXPIRES_AT_MS, expiresAtMillis);
  }

  @Test
  void a_call_whose_child_dies_too_often_fails_with_the_evidence() {
    TaskOptions once = TaskOptions.builder().childLost(1).build();
    long call = owner.submit("die", List.of(3), 1, once, PoolSettings.DEFAULTS);
    awaitEnded(1);
    RemoteFailure failure = owner.failure(call);
    assertThat(failure.kind()).isEqualTo(FailureKind.CHILD_LOST);
    assertThat(failure.details()).containsEntry("exitCode", 3).containsEntry("lossCount", 2);
    assertThat(failure.details().get("stderr").toString()).contains("about to exit with 3");
    assertThat(failure.where()).isNotNull();
  }

  @Test
  void a_deadly_call_among_many_fails_alone() {
    List<Integer> codes = IntStream.range(0, 50).map(i -> i == 20 ? 9 : -1).boxed().toList();
    long first = owner.submit("dieIfPositive", codes, 50);
    awaitEnded(50);
    for (int i = 0; i < 50; i++) {
      assertThat(owner.succeeded(first + i)).as("call %d", i).isEqualTo(i != 20);
    }
  }

  @Test
  void a_call_past_its_hard_limit_is_killed_with_its_descendants() throws Exception {
    Path file = folder.resolve("pids");
    TaskOptions limited = TaskOptions.builder().timeLimit(Duration.ofMillis(1500)).build();
    long call =
        owner.submit(
            "hangWithGrandchild", List.of(file.toString()), 1, limited, PoolSettings.DEFAULTS);
    awaitEnded(1);
    assertThat(owner.failure(call).kind()).isEqualTo(FailureKind.TIME_LIMIT);
    assertThat(owner.failure(call).details()).containsEntry("limit", "hard");
    assertThat(owner.failure(call).stack()).contains("hangWithGrandchild(");
    long sleeper = Long.parseLong(Files.readString(folder.resolve("pids.sleep")).trim());
    await().atMost(SOON).until(() -> ended(sleeper));
    await().atMost(SOON).until(() -> ended(Long.parseLong(Files.readString(file).trim())));
  }

  @Test
  void a_child_killed_for_a_time_limit_that_has_gone_on_to_the_next_call_costs_that_one_nothing() {
    restart(config().processes(1));
    // until the function is known to be short, so that calls are given ahead
    owner.submit("pidAfter", Collections.nCopies(2000, 0), 100);
    awaitEnded(2000);
    TaskOptions limited =
        TaskOptions.builder().timeLimit(Duration.ofMillis(60)).childLost(0).build();
    // they end at about the time of the kill: some before, some after, some in between
    List<Integer> waits =
        IntStream.range(0, 200).map(i -> i % 20 == 5 ? 60 + i / 20 * 2 : 0).boxed().toList();
    long first = owner.submit("pidAfter", waits, 100, limited, PoolSettings.DEFAULTS);
    awaitEnded(2200);
    for (int i = 0; i < waits.size(); i++) {
      if (!owner.succeeded(first + i)) {
        assertThat(owner.failure(first + i).kind()).isEqualTo(FailureKind.TIME_LIMIT);
      }
    }
  }

  @Test
  void a_call_that_throws_is_retried_up_to_its_budget() {
    String file = folder.resolve("attempts").toString();
    TaskOptions three = TaskOptions.builder().maxAttempts(3).build();
    long call =
        owner.submit("succeedAt", List.of(List.of(file, 3)), 1, three, PoolSettings.DEFAULTS);
    awaitEnded(1);
    assertThat(owner.value(call)).isEqualTo("3");
  }

  @Test
  void an_initializer_that_always_fails_ends_the_calls_with_its_cause() {
    FunctionRef broken = FunctionRef.parse(Calls.class.getName() + "::brokenStart", null);
    PoolSettings settings = new PoolSettings(broken, Payload.of("[]"), 0);
    long call = owner.submit("same", List.of(1), 1, TaskOptions.DEFAULTS, settings);
    awaitEnded(1);
    assertThat(owner.failure(call).kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
    assertThat(owner.failure(call).message()).contains("no database here");
  }

  @Test
  void draining_hands_waiting_calls_to_another_worker() throws Exception {
    Path file = folder.resolve("pid");
    owner.submit("hang", List.of(file.toString()), 1);
    await().atMost(SOON).until(() -> Files.exists(file));
    restart(config().grace(Duration.ofMillis(1)));
    owner.submit("same", numbers(100), 10);
    await().atMost(SOON).until(() -> owner.ended() == 100);
  }

  @Test
  void a_call_over_the_hard_memory_limit_is_killed_and_says_so() {
    restart(config().hardMaxMemoryPerChild(300 << 20));
    TaskOptions once = TaskOptions.builder().childLost(0).build();
    long call = owner.submit("growAndHang", List.of(512), 1, once, PoolSettings.DEFAULTS);
    long innocent = owner.submit("same", List.of(7), 1);
    awaitEnded(2);
    RemoteFailure failure = owner.failure(call);
    assertThat(failure.kind()).isEqualTo(FailureKind.CHILD_LOST);
    assertThat(failure.message())
        .contains("took more memory than its hard limit of 300 MiB and was killed");
    assertThat(failure.details())
        .containsEntry("oom", true)
        .containsEntry("memoryLimitBytes", 300 << 20);
    assertThat(((Number) failure.details().get("peakMemoryBytes")).longValue())
        .isGreaterThan(300 << 20);
    assertThat(owner.value(innocent)).isEqualTo("7");
  }

  @Test
  void memory_of_a_childs_descendants_counts() {
    restart(config().hardMaxMemoryPerChild(400 << 20));
    TaskOptions once = TaskOptions.builder().childLost(0).build();
    long call =
        owner.submit("hangWithHungryGrandchild", List.of(400), 1, once, PoolSettings.DEFAULTS);
    awaitEnded(1);
    assertThat(owner.failure(call).details()).containsEntry("memoryLimitBytes", 400 << 20);
  }

  @Test
  void children_can_be_threads() {
    restart(config().context(ChildContext.threads()).maxTasksPerChild(40));
    long first = owner.submit("pidAndCount", numbers(300), 20);
    awaitEnded(300);
    for (int i = 0; i < 300; i++) {
      assertThat(owner.value(first + i)).startsWith("\"" + ProcessHandle.current().pid() + ":");
    }
  }

  private void kill(Path file) throws IOException {
    await().atMost(SOON).until(() -> Files.exists(file) && !Files.readString(file).isEmpty());
    ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow().destroyForcibly();
  }

  /** Whether the process has ended; an unreaped one counts as ended. */
  private static boolean ended(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    try {
      return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
    } catch (IOException e) {
      return !Files.exists(stat);
    }
  }

  private static final class Events implements Consumer<WorkerEvent> {
    private final ConcurrentLinkedQueue<String> recycled = new ConcurrentLinkedQueue<>();

    @Override
    public void accept(WorkerEvent event) {
      if (event instanceof WorkerEvent.ChildRecycled child) {
        recycled.add(child.text());
      }
    }
  }
}
