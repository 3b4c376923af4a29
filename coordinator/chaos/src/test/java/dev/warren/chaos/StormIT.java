package dev.warren.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.RabbitVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many calls while everything is killed with SIGKILL at random moments: children every second,
 * workers every 10 s, the broker 30 s after it was up again, on average. Run by {@code ./verify
 * --storm} and {@code --all}. Settings, as system properties: {@code warren.storm.calls} (200000),
 * {@code warren.seed}.
 */
@Tag("stress")
class StormIT {
  private static final int CALLS = Integer.getInteger("warren.storm.calls", 200_000);

  /** A call may be running in any number of killed children: budgets are not tested here. */
  private static final TaskOptions STURDY =
      TaskOptions.builder().childLost(1000).hostLost(1000).build();

  @Test
  void every_outcome_arrives_once_whatever_is_killed() throws InterruptedException {
    long seed = ChaosIT.seed();
    RabbitVersion version =
        Stream.of(RabbitVersion.values()).filter(RabbitVersion::isThere).findFirst().orElseThrow();
    Run run = new Run(storm(), version, seed);
    System.out.printf("storm: %d calls, seed %d, %s%n", CALLS, seed, version);
    try (Server server = Server.start(version)) {
      run.play(server);
    }
    Verdict verdict = run.verdict().join();
    System.out.println("storm: " + verdict);
    assertThat(verdict.violations()).as("seed %d: %s", seed, verdict).isEmpty();
  }

  private static Scenario storm() {
    return Scenario.named("children, workers and the broker are killed again and again")
        .within(Duration.ofMinutes(60))
        .mayRunTwice("what was in hand")
        .play(
            stage -> {
              stage.startWorkers(2);
              Pool pool = stage.openPool(builder -> builder.maxTasksPerChild(50).options(STURDY));
              stage.awaitSlots(pool, 4);
              stage.fault();
              stage.calls().submit(pool, Deed.NOTHING, CALLS);
              Faults faults = new Faults(stage);
              while (stage.calls().ended() < CALLS && faults.within(stage.limit())) {
                faults.next();
              }
              stage.broker().restart();
              // the pool has reconnected, so it deletes its results queue when it closes
              stage.calls().submit(pool, Deed.NOTHING);
              stage.awaitAllEnded();
              System.out.println("storm: " + faults);
            });
  }

  /** Kills at random times, and counts the kills. Confined to the scenario's thread. */
  private static final class Faults {
    private final Stage stage;
    private final long began = System.nanoTime();
    private final Timer children;
    private final Timer workers;
    private final Timer brokers;
    private boolean brokerIsUp = true;
    private long told = began;

    Faults(Stage stage) {
      this.stage = stage;
      this.children = new Timer(Duration.ofSeconds(1), stage.random());
      this.workers = new Timer(Duration.ofSeconds(10), stage.random());
      this.brokers = new Timer(Duration.ofSeconds(30), stage.random());
    }

    boolean within(Duration limit) {
      return System.nanoTime() - began < limit.toNanos();
    }

    void next() throws InterruptedException, IOException {
      stage.pass(Duration.ofMillis(50));
      List<WorkerHost> standing = stage.workers().stream().filter(WorkerHost::alive).toList();
      if (children.due()) {
        List<ProcessHandle> all =
            standing.stream().flatMap(worker -> worker.children().stream()).toList();
        if (!all.isEmpty()) {
          any(all).destroyForcibly();
          children.count++;
        }
      }
      if (workers.due()) {
        any(standing).kill();
        workers.count++;
        stage.startWorker();
      }
      if (!brokerIsUp) {
        brokerIsUp = brokerAnswers();
        brokers.again(); // its interval is from one start to the next death
      } else if (brokers.due()) {
        brokerIsUp = false;
        stage.broker().kill();
        brokers.count++;
        stage.broker().restartLater();
      }
      if (System.nanoTime() - told > 30_000_000_000L) {
        told = System.nanoTime();
        System.out.println("storm: " + this + ", " + stage.calls());
      }
    }

    private boolean brokerAnswers() {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.broker().port())) {
        return socket.isConnected();
      } catch (IOException e) {
        return false; // it is starting
      }
    }

    private <T> T any(List<T> all) {
      return all.get(stage.random().nextInt(all.size()));
    }

    @Override
    public String toString() {
      return "after %d s killed: %d children, %d workers, the broker %d times"
          .formatted(
              (System.nanoTime() - began) / 1_000_000_000,
              children.count,
              workers.count,
              brokers.count);
    }

    /** Repeatedly due after between half and one and a half of its interval. */
    private static final class Timer {
      private final long interval;
      private final Random random;
      private long next;
      private int count;

      Timer(Duration interval, Random random) {
        this.interval = interval.toNanos();
        this.random = random;
        again();
      }

      boolean due() {
        boolean due = System.nanoTime() >= next;
        if (due) {
          again();
        }
        return due;
      }

      private void again() {
        next = System.nanoTime() + (long) (interval * (0.5 + random.nextDouble()));
      }
    }
  }
}
