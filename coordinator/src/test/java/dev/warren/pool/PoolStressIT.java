package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Long or crowded: run by {@code ./verify --all}. */
@Tag("stress")
class PoolStressIT {

  @Test
  void pools_opened_and_closed_200_times_leave_nothing() throws Exception {
    cycle(ChildContext.threads());
    long files = openFiles();
    for (int i = 0; i < 200; i++) {
      cycle(i % 20 == 0 ? ChildContext.jvm() : ChildContext.threads());
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(ownThreads()).isEmpty();
              assertThat(children()).isZero();
              assertThat(openFiles()).isLessThanOrEqualTo(files + 5);
            });
  }

  private static void cycle(ChildContext context) {
    try (Pool pool = Pool.builder().processes(2).context(context).open()) {
      assertThat(pool.map(Functions::twice, List.of(1, 2, 3))).containsExactly(2, 4, 6);
      pool.applyAsync(Functions::twice, 1, n -> {}, null);
    }
  }

  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("(pool|worker|memory-broker|child)-.*"))
        .filter(name -> !name.startsWith("pool-cleaner"))
        .toList();
  }

  private static long children() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().toString().contains("ChildMain"))
        .count();
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  @Test
  void many_threads_share_a_pool_whose_children_are_killed_at_random() throws Exception {
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    TaskOptions robust = TaskOptions.builder().childLost(1000).build();
    try (Pool pool = Pool.builder().processes(4).options(robust).open()) {
      Thread killer = new Thread(() -> kill(over));
      killer.start();
      List<Thread> users = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        int seed = i;
        Thread user =
            new Thread(
                () -> {
                  try {
                    use(pool, seed);
                  } catch (Throwable e) {
                    wrong.add(e);
                  }
                });
        user.start();
        users.add(user);
      }
      for (Thread user : users) {
        user.join(TimeUnit.MINUTES.toMillis(5));
        assertThat(user.isAlive()).isFalse();
      }
      over.set(true);
      killer.join();
    }
    assertThat(wrong).isEmpty();
  }

  private static void kill(AtomicBoolean over) {
    while (!over.get()) {
      List<ProcessHandle> children =
          ProcessHandle.current()
              .descendants()
              .filter(process -> process.info().toString().contains("ChildMain"))
              .toList();
      if (!children.isEmpty()) {
        children.get(ThreadLocalRandom.current().nextInt(children.size())).destroyForcibly();
      }
      Uninterrupted.millis(700);
    }
  }

  private static void use(Pool pool, int seed) throws Exception {
    for (int round = 0; round < 10; round++) {
      int base = seed * 1000 + round;
      assertThat(pool.apply(Functions::twice, base)).isEqualTo(2 * base);
      List<Integer> items = IntStream.range(base, base + 200).boxed().toList();
      assertThat(pool.map(Functions::twice, items))
          .isEqualTo(items.stream().map(n -> 2 * n).toList());
      AsyncResult<Integer> doomed = pool.applyAsync(Functions::sleep, 2000);
      AsyncResult<List<Integer>> later = pool.mapAsync(Functions::twice, items, 7);
      Iterator<Integer> lazy = pool.imap(Functions::twice, items.iterator(), 5);
      for (int item : items) {
        assertThat(lazy.next()).isEqualTo(2 * item);
      }
      assertThat(lazy.hasNext()).isFalse();
      long sum = 0;
      for (Iterator<Integer> all = pool.imapUnordered(Functions::twice, items); all.hasNext(); ) {
        sum += all.next();
      }
      assertThat(sum).isEqualTo(items.stream().mapToLong(n -> 2L * n).sum());
      if (doomed.cancel(true)) {
        assertThat(doomed.isCancelled()).isTrue();
        try {
          doomed.get();
          throw new AssertionError("a cancelled result has a value");
        } catch (CancellationException expected) {
          assertThat(doomed.ready()).isTrue();
        }
      }
      assertThat(later.get(2, TimeUnit.MINUTES)).hasSize(200);
    }
  }

  @Test
  void two_million_results_of_an_endless_input_fit_into_64_megabytes() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Endless.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("taken 2000000");
  }

  /** Takes many results in a small heap; fails if the input was read too far ahead. */
  static final class Endless {
    private Endless() {}

    /** Runs. */
    public static void main(String[] args) {
      AtomicLong read = new AtomicLong();
      long furthest = 0;
      long taken = 0;
      TaskOptions window = TaskOptions.builder().window(2000).build();
      try (Pool pool = Pool.builder().processes(2).open();
          ResultIterator<Integer> results =
              pool.with(window)
                  .imapUnordered(
                      Functions::twice,
                      Stream.generate(() -> (int) (read.getAndIncrement() & 0xffff)))) {
        while (taken < 2_000_000) {
          int unused = results.next();
          taken++;
          furthest = Math.max(furthest, read.get() - taken);
        }
      }
      System.out.println("taken " + taken + ", furthest ahead " + furthest + File.separator);
      if (furthest > 2000) {
        System.exit(1);
      }
    }
  }
}
