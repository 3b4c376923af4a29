package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.task.TaskOptions;
import dev.warren.testkit.BrokerAlarm;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.WarrenProgram;
import dev.warren.testkit.server.PrivateBroker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool whose broker raises alarms and whose workers, as separate processes, join late or are
 * killed. More faults are in the fault kit.
 */
@Timeout(600)
class PoolFaultsIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static PrivateBroker server;

  @TempDir Path folder;
  private final List<Process> workers = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = SharedBroker.get();
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
                    "worker",
                    "--broker",
                    uri,
                    "--app",
                    app.toString(),
                    "--processes",
                    "2",
                    "--spares",
                    "0"))
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

  @Test
  void calls_of_a_killed_worker_end_or_start_anew_within_five_seconds() throws Exception {
    try (Pool pool = open("lost", 1)) {
      Path once = folder.resolve("once");
      Path again = folder.resolve("again");
      AsyncResult<Integer> fragile =
          pool.with(TaskOptions.builder().hostLost(0).build())
              .applyAsync(Functions::mark, once.toString(), 120_000);
      AsyncResult<Integer> robust = pool.applyAsync(Functions::mark, again.toString(), 120_000);
      await().atMost(SOON).until(() -> Conformance.lines(once) + Conformance.lines(again) == 2);
      worker(server.uri() + "?pool=lost");
      await().atMost(SOON).until(() -> pool.processes() == 4);
      long cause = System.nanoTime();
      workers.get(0).destroyForcibly();
      assertThatThrownBy(() -> fragile.get(Conformance.BOUND))
          .hasCauseExactlyInstanceOf(HostLostException.class);
      await()
          .atMost(Conformance.BOUND.minusNanos(System.nanoTime() - cause))
          .until(() -> Conformance.lines(again) == 2);
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
      do { // not one per poll: hundreds of results of the first worker may come before
        pids.add(results.next(SOON));
      } while (second.descendants().noneMatch(child -> pids.contains(child.pid())));
      results.close();
    }
  }
}
