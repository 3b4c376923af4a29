package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.BrokerAlarm;
import dev.warren.testkit.WarrenProgram;
import dev.warren.testkit.server.PrivateBroker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool whose broker and workers, as separate processes, are stopped or killed. */
@Timeout(600)
class PoolFaultsIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static PrivateBroker server;
  @TempDir Path folder;
  private final List<Process> workers = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = PrivateBroker.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void stopWorkers() throws Exception {
    for (Process worker : workers) {
      worker.destroyForcibly();
      assertThat(worker.waitFor(180, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process worker(String uri) throws IOException {
    Path app =
        Path.of(Functions.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Process worker =
        new ProcessBuilder(
                WarrenProgram.command(
                    "worker", "--broker", uri, "--app", app.toString(), "--processes", "2"))
            .redirectErrorStream(true)
            .redirectOutput(new File("target/faults-worker-" + workers.size() + ".log"))
            .start();
    workers.add(worker);
    return worker;
  }

  private Pool open(String name, int workerCount) throws IOException {
    String uri = server.uri() + "?pool=" + name;
    for (int i = 0; i < workerCount; i++) {
      worker(uri);
    }
    Pool pool = Pool.open(uri);
    await().atMost(Duration.ofMinutes(3)).until(() -> pool.processes() == 2 * workerCount);
    return pool;
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static List<Integer> doubled(int n) {
    return upTo(n).stream().map(i -> 2 * i).toList();
  }

  @Test
  void a_worker_killed_in_the_middle_of_a_job_costs_no_outcome() throws Exception {
    try (Pool pool = open("killed", 2)) {
      List<Integer> all = new ArrayList<>();
      try (ResultIterator<Integer> results = pool.imap(Functions::slowTwice, upTo(3000))) {
        while (results.hasNext()) {
          all.add(results.next());
          if (all.size() == 500) {
            workers.get(0).destroyForcibly();
          }
        }
      }
      assertThat(all).isEqualTo(doubled(3000));
    }
  }

  @Test
  void calls_of_a_killed_worker_end_or_start_anew_within_five_seconds() throws Exception {
    try (Pool pool = open("lost", 1)) {
      Path once = folder.resolve("once");
      Path again = folder.resolve("again");
      AsyncResult<Integer> fragile =
          pool.with(TaskOptions.builder().hostLost(0).build())
              .applyAsync(Functions::mark, once.toString(), 120_000);
      AsyncResult<Integer> robust = pool.applyAsync(Functions::mark, again.toString(), 120_000);
      await().atMost(SOON).until(() -> OnEverySite.lines(once) + OnEverySite.lines(again) == 2);
      worker(server.uri() + "?pool=lost");
      await().atMost(SOON).until(() -> pool.processes() == 4);
      long cause = System.nanoTime();
      workers.get(0).destroyForcibly();
      assertThatThrownBy(() -> fragile.get(OnEverySite.BOUND))
          .hasCauseExactlyInstanceOf(HostLostException.class);
      await()
          .atMost(OnEverySite.BOUND.minusNanos(System.nanoTime() - cause))
          .until(() -> OnEverySite.lines(again) == 2);
      robust.cancel(true);
    }
  }

  @Test
  void a_listener_is_notified_of_an_alarm_and_calls_submitted_during_it_end_after_it()
      throws Exception {
    String uri = server.uri() + "?pool=alarm";
    worker(uri);
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    PoolListener listener =
        new PoolListener() {
          @Override
          public void brokerBlocked(String reason) {
            heard.add("blocked: " + reason);
          }

          @Override
          public void brokerUnblocked() {
            heard.add("unblocked");
          }
        };
    try (Pool pool = Pool.builder().uri(uri).listener(listener).open()) {
      assertThat(pool.apply(Functions::twice, 1)).isEqualTo(2);
      BrokerAlarm.DISK.raise(server);
      List<AsyncResult<Integer>> given = new ArrayList<>();
      await()
          .atMost(SOON)
          .until(
              () -> {
                given.add(pool.applyAsync(Functions::twice, 7));
                return !heard.isEmpty();
              });
      assertThat(heard.peek()).startsWith("blocked: ").contains("disk");
      Pool hurried = pool.with(TaskOptions.builder().expires(Duration.ofMillis(200)).build());
      assertThatThrownBy(() -> hurried.apply(Functions::twice, 8))
          .isExactlyInstanceOf(TaskExpiredException.class);
      AsyncResult<Integer> waiting = pool.applyAsync(Functions::twice, 9);
      assertThat(waiting.ready()).isFalse();
      BrokerAlarm.DISK.clear(server);
      assertThat(waiting.get(SOON)).isEqualTo(18);
      given.forEach(result -> assertThat(result.await(SOON)).isTrue());
      await().atMost(SOON).until(() -> heard.contains("unblocked"));
    } finally {
      BrokerAlarm.DISK.clear(server);
    }
  }

  @Test
  void calls_wait_for_the_first_worker_and_one_that_joins_later_takes_part() throws Exception {
    String uri = server.uri() + "?pool=joining";
    try (Pool pool = Pool.open(uri)) {
      Set<Long> pids = new HashSet<>();
      ResultIterator<Long> results =
          pool.imapUnordered(Functions::sleepingPid, Stream.generate(() -> 20), 1);
      assertThatThrownBy(() -> results.next(Duration.ofMillis(100)))
          .isInstanceOf(TimeoutException.class);
      worker(uri);
      pids.add(results.next(SOON));
      Process second = worker(uri);
      await()
          .atMost(SOON)
          .until(
              () -> {
                pids.add(results.next(SOON));
                return second.descendants().anyMatch(child -> pids.contains(child.pid()));
              });
      results.close();
    }
  }

  @Test
  void a_broker_that_goes_away_and_comes_back_costs_no_outcome() throws Exception {
    try (Pool pool = open("away", 2)) {
      List<Integer> all = new ArrayList<>();
      try (ResultIterator<Integer> results = pool.imapUnordered(Functions::slowTwice, upTo(2000))) {
        while (results.hasNext()) {
          all.add(results.next());
          if (all.size() == 300) {
            server.stop();
            Uninterrupted.millis(3000);
            server.restart();
          }
        }
      }
      Collections.sort(all);
      assertThat(all).isEqualTo(doubled(2000));
      assertThat(pool.map(Functions::twice, upTo(100))).isEqualTo(doubled(100));
    }
  }

  @Test
  void calls_whose_queue_was_deleted_end_as_lost() throws Exception {
    Pool pool = Pool.open(server.uri() + "?pool=deleted");
    try (RabbitBroker other =
        RabbitBroker.open(BrokerUri.parse(server.uri()), "other", Duration.ofSeconds(10))) {
      AsyncResult<Integer> result = pool.applyAsync(Functions::twice, 1);
      String queue = new PoolNames("deleted").tasks();
      await().until(() -> other.depth(queue).map(depth -> depth.ready() == 1).orElse(false));
      other.delete(queue);
      assertThatThrownBy(() -> result.get(Duration.ofSeconds(60)))
          .hasCauseExactlyInstanceOf(HostLostException.class);
      worker(server.uri() + "?pool=deleted");
      assertThat(pool.apply(Functions::twice, 1)).isEqualTo(2);
    } finally {
      pool.terminate();
      assertThat(pool.join(Duration.ofMinutes(3))).isTrue();
    }
  }
}
