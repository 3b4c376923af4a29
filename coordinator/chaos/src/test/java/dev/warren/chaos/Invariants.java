package dev.warren.chaos;

import static org.awaitility.Awaitility.await;

import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What must hold after every scenario: each durable job has succeeded with the output of an
 * undisturbed run and a store that says so, each call has ended once and as the scenario specifies,
 * the queues contain exactly what follows from that, and nothing is left over. Checking ends the
 * stage: pools are closed and workers drained, both of which must work.
 */
final class Invariants {
  /** Counts of a quorum queue reported by a server are up to five seconds old. */
  private static final Duration OLD_COUNTS = Duration.ofSeconds(6);

  private static final Duration SOON = Duration.ofSeconds(20);

  /**
   * On the command line of the process that creates the class-data archive for all workers of the
   * machine.
   */
  private static final String ARCHIVE = "-XX:ArchiveClassesAtExit=";

  private static final Duration DRAIN = Duration.ofSeconds(40);

  private final Scenario scenario;
  private final Stage stage;
  private final List<String> violations = new ArrayList<>();

  Invariants(Scenario scenario, Stage stage) {
    this.scenario = scenario;
    this.stage = stage;
  }

  /** Checks everything in order; returns the violations. */
  List<String> check() throws InterruptedException, IOException {
    jobsHold();
    allEnd();
    poolsClose();
    callsBalance();
    drain(stage.workers());
    repeatsAreDropped();
    noProcessIsLeft();
    queuesHoldWhatFollows();
    noConnectionIsLeft();
    noThreadIsLeft();
    return violations;
  }

  /** From the fault, or from the first action of a call, to the last end of a call. */
  Duration toLastEnd() throws IOException {
    long from = stage.faultAt();
    if (from == 0) {
      from = firstDeed();
    }
    long to = stage.calls().lastEnd();
    return from == 0 || to < from ? Duration.ZERO : Duration.ofNanos(to - from);
  }

  private long firstDeed() throws IOException {
    long first = Long.MAX_VALUE;
    try (var marks = Files.newDirectoryStream(stage.folder(), "deed-*")) {
      for (Path mark : marks) {
        first = Math.min(first, Files.getLastModifiedTime(mark).toMillis());
      }
    }
    return first == Long.MAX_VALUE
        ? 0
        : System.nanoTime() - (System.currentTimeMillis() - first) * 1_000_000;
  }

  /** First, because it ends the calls of durable jobs, and their coordinators. */
  private void jobsHold() throws IOException, InterruptedException {
    for (DurableJob job : stage.jobs()) {
      violations.addAll(job.end());
    }
  }

  private void allEnd() throws InterruptedException {
    soon(
        stage.limit(),
        () -> {
          Calls calls = stage.calls();
          return calls.ended() == calls.submitted() ? "" : "calls without an end: " + calls;
        });
  }

  private void poolsClose() {
    for (Pool pool : stage.pools()) {
      pool.shutdown();
      if (!pool.join(SOON)) {
        violations.add("the pool did not close: " + pool);
        pool.terminate();
        pool.join(SOON);
      }
    }
  }

  private void callsBalance() {
    violations.addAll(stage.calls().imbalance());
    Map<FailureKind, Integer> kinds = stage.calls().kinds();
    if (!kinds.equals(scenario.ends())) {
      violations.add(
          "calls ended as %s, not as %s: %s"
              .formatted(kinds, scenario.ends(), stage.calls().failures()));
    }
    long repeated = stage.calls().repeated();
    if (scenario.mayRunTwice().equals(Scenario.NOTHING) && repeated > 0) {
      violations.add(repeated + " calls were begun twice, and none may be");
    }
    if (scenario.mayRunTwice().equals(Scenario.FEW) && repeated > Scenario.FEW_CALLS) {
      violations.add(repeated + " calls were begun twice, not " + Scenario.FEW);
    }
  }

  private void drain(List<WorkerHost> workers) throws InterruptedException {
    for (WorkerHost worker : workers) {
      if (worker.alive()) {
        worker.terminate();
      }
    }
    for (WorkerHost worker : workers) {
      try {
        int code = worker.awaitExit(DRAIN);
        if (code != 0 && !worker.broken()) {
          violations.add(worker + " ended with " + code);
        }
      } catch (AssertionError e) {
        violations.add(String.valueOf(e.getMessage()));
        worker.destroy();
      }
    }
  }

  /**
   * All calls have ended, so tasks that are now in the task queue or a delay queue are duplicates
   * that a draining worker handed back before it knew who holds them. The next worker drops them:
   * the pool is closed.
   */
  private void repeatsAreDropped() throws InterruptedException, IOException {
    if (scenario.broker() == Scenario.On.LOCAL || repeats() == 0) {
      return;
    }
    WorkerHost next = stage.startWorker();
    next.awaitServing();
    long now = System.nanoTime();
    long deadline = now + SOON.toNanos() * 2;
    long lastSeen = now;
    while (now - lastSeen < OLD_COUNTS.toNanos()
        && now < deadline) { // each check queries the server
      if (stage.unsettledTasks() + repeats() > 0) {
        lastSeen = now;
      }
      now = System.nanoTime();
    }
    drain(List.of(next)); // the check of all queues shows whether it has dropped them
  }

  /** Messages that wait for a worker, or in a delay queue. */
  private int repeats() throws InterruptedException {
    return stage.server().contents(stage.virtualHost()).queues().entrySet().stream()
        .filter(queue -> stage.isOfTasks(queue.getKey()) || goesRound(queue.getKey()))
        .mapToInt(queue -> queue.getValue())
        .sum();
  }

  private static boolean goesRound(String queue) {
    return queue.matches(".*\\.(delay|lease)\\..*");
  }

  private void noProcessIsLeft() throws InterruptedException {
    List<String> marks = new ArrayList<>(List.of(Processes.MARK + "=" + stage.mark()));
    for (WorkerHost worker : stage.workers()) {
      if (worker.log().contains("worker w-")) {
        marks.add("WARREN_SUPERVISOR=" + worker.id());
      }
    }
    soon(
        SOON,
        () -> {
          List<String> left =
              marks.stream()
                  .flatMap(mark -> Processes.with(mark).stream())
                  .filter(process -> !process.contains(ARCHIVE))
                  .toList();
          return left.isEmpty() ? "" : "processes are left: " + left;
        });
  }

  private void queuesHoldWhatFollows() throws InterruptedException {
    if (scenario.broker() == Scenario.On.LOCAL) {
      return;
    }
    long deadline = System.nanoTime() + SOON.toNanos();
    List<String> wrong;
    do {
      wrong = wrongContents(stage.server().contents(stage.virtualHost()));
    } while (!wrong.isEmpty() && System.nanoTime() < deadline);
    violations.addAll(wrong);
  }

  private List<String> wrongContents(Server.Contents contents) {
    List<String> wrong = new ArrayList<>();
    if (contents.connections() != 0) {
      wrong.add("the broker still has " + contents.connections() + " connections");
    }
    int results = 0;
    for (var queue : contents.queues().entrySet()) {
      String name = queue.getKey();
      if (name.startsWith("warren.results.job.")) {
        wrong.add("queue " + name + " of a job is left, with " + queue.getValue() + " messages");
      } else if (name.startsWith("warren.results.")) {
        results++;
      } else if (name.equals(stage.names().dead())) {
        if (queue.getValue() != scenario.parked()) {
          wrong.add(queue.getValue() + " messages are parked, not " + scenario.parked());
        }
      } else if (!stage.isOfTasks(name) && !goesRound(name)) {
        wrong.add("queue " + name + " is left");
      } else if (queue.getValue() != 0) {
        wrong.add("queue " + name + " holds " + queue.getValue() + " messages");
      }
    }
    int killed = stage.jobs().stream().mapToInt(DurableJob::killed).sum();
    int expected = scenario.leaves().resultQueues() + killed;
    if (results != expected) {
      wrong.add("results queues left: " + results + ", not " + expected);
    }
    return wrong;
  }

  private void noConnectionIsLeft() throws InterruptedException, IOException {
    soon(
        SOON,
        () -> {
          int left = stage.proxies().stream().mapToInt(proxy -> proxy.connections()).sum();
          return left == 0 ? "" : left + " connections are left";
        });
    for (var proxy : stage.proxies()) {
      proxy.close();
    }
  }

  /**
   * All threads that a scenario starts are in its thread group; the cleaners belong to the JVM, and
   * a server that the scenario has restarted keeps running.
   */
  private void noThreadIsLeft() throws InterruptedException {
    soon(
        SOON,
        () -> {
          Thread[] all = new Thread[1000];
          int count = Thread.currentThread().getThreadGroup().enumerate(all);
          List<String> left =
              Arrays.stream(all, 0, count)
                  .filter(thread -> thread != Thread.currentThread() && thread.isAlive())
                  .map(Thread::getName)
                  .filter(
                      name ->
                          !name.startsWith("pool-cleaner")
                              && !name.startsWith("private-broker-output")
                              && !name.startsWith("PostgreSQL-JDBC-Cleaner"))
                  .toList();
          return left.isEmpty() ? "" : "threads are left: " + left;
        });
  }

  /** Records a violation unless {@code look} returns "" within the time. */
  private void soon(Duration limit, Supplier<String> look) {
    AtomicReference<String> wrong = new AtomicReference<>("not looked at");
    try {
      await().pollInSameThread().atMost(limit).until(() -> look(look, wrong).isEmpty());
    } catch (ConditionTimeoutException e) {
      violations.add(wrong.get());
    }
  }

  private static String look(Supplier<String> look, AtomicReference<String> wrong) {
    wrong.set(look.get());
    return wrong.get();
  }
}
