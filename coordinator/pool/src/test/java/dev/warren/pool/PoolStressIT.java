package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
import org.junit.jupiter.api.Timeout;

/** Conformance under stress, run by {@code ./verify --stress}. */
@Tag("stress")
@Timeout(900)
class PoolStressIT extends OnEverySite {

  @Test
  void pools_opened_and_closed_200_times_leave_nothing() throws Exception {
    pool().apply(Functions::twice, 1);
    cycle(1);
    // kept for the whole run: the shared pool, and on RabbitMQ its workers; spares start slightly
    // later
    await().atMost(SOON).until(() -> children().count() == Site.mostChildren());
    Set<String> before = threads();
    long files = openFiles();
    List<String> onBroker = onBroker();
    for (int i = 0; i < 200; i++) {
      cycle(i);
    }
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> {
              assertThat(threads()).isSubsetOf(before);
              assertThat(children().count()).isLessThanOrEqualTo(Site.mostChildren());
              assertThat(openFiles()).isLessThanOrEqualTo(files + 5);
              assertThat(onBroker()).isEqualTo(onBroker);
            });
  }

  /** On {@code local:} every 20th pool has child processes, the others have threads as children. */
  private void cycle(int number) {
    Pool.Builder builder = builder();
    if (!site.overBroker() && number % 20 != 0) {
      builder.context(ChildContext.threads());
    }
    try (Pool pool = builder.open()) {
      assertThat(pool.map(Functions::twice, List.of(1, 2, 3))).containsExactly(2, 4, 6);
      pool.applyAsync(Functions::twice, 1, n -> {}, null);
    }
  }

  /** Warren's threads, without those that start on demand and end when idle. */
  private static Set<String> threads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (name.matches("(pool|worker|broker|memory-broker|child)-.*")
          && !name.startsWith("pool-cleaner")
          && !name.matches("broker-(events|starts)-.*|pool-(feeder|results|decoder|rebuild)-.*")) {
        names.add(name);
      }
    }
    return names;
  }

  private static Stream<ProcessHandle> children() {
    return ProcessHandle.current().descendants().filter(PoolStressIT::isChild);
  }

  /** Read from the kernel: ProcessHandle does not report arguments if there are many. */
  private static boolean isChild(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).contains("ChildMain");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  /** Names of queues and exchanges, and the number of connections. */
  private List<String> onBroker() throws InterruptedException {
    if (!site.overBroker()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String what : List.of("list_queues", "list_exchanges")) {
      site.server().ctl(what, "name").lines().sorted().forEach(names::add);
    }
    names.add(site.server().ctl("list_connections", "pid").lines().count() + " connections");
    return names;
  }

  @Test
  void many_threads_share_a_pool_whose_children_are_killed_at_random() throws Exception {
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    Pool robust = own().with(options().childLost(1000).build());
    Thread killer = new Thread(() -> kill(over));
    killer.start();
    List<Thread> users = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int seed = i;
      Thread user =
          new Thread(
              () -> {
                try {
                  use(robust, seed);
                } catch (Throwable e) {
                  wrong.add(e);
                }
              });
      user.start();
      users.add(user);
    }
    for (Thread user : users) {
      user.join(TimeUnit.MINUTES.toMillis(10));
      assertThat(user.isAlive()).isFalse();
    }
    over.set(true);
    killer.join();
    assertThat(wrong).isEmpty();
  }

  private static void kill(AtomicBoolean over) {
    while (!over.get()) {
      List<ProcessHandle> children = children().toList();
      if (!children.isEmpty()) {
        children.get(ThreadLocalRandom.current().nextInt(children.size())).destroyForcibly();
      }
      Uninterrupted.millis(700);
    }
  }

  private static void use(Pool pool, int seed) throws Exception {
    for (int round = 0; round < 10; round++) {
      int base = seed * 1000 + round;
      List<Integer> items = IntStream.range(base, base + 200).boxed().toList();
      List<Integer> doubled = items.stream().map(n -> 2 * n).toList();
      assertThat(pool.apply(Functions::twice, base)).isEqualTo(2 * base);
      assertThat(pool.map(Functions::twice, items)).isEqualTo(doubled);
      assertThat(pool.starmap(Functions::add, items.stream().map(n -> Args.of(n, n)).toList(), 11))
          .isEqualTo(doubled);
      AsyncResult<Integer> doomed = pool.applyAsync(Functions::sleep, 2000);
      AsyncResult<List<Integer>> later = pool.mapAsync(Functions::twice, items, 7);
      takeAll(pool, items);
      assertThat(pool.map(Functions::twice, List.of(base))).containsExactly(2 * base);
      if (doomed.cancel(true)) {
        endedCancelled(doomed);
      }
      assertThat(later.get(5, TimeUnit.MINUTES)).isEqualTo(doubled);
    }
  }

  private static void takeAll(Pool pool, List<Integer> items) {
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
    try (ResultIterator<Integer> left = pool.imap(Functions::sleep, Stream.generate(() -> 5))) {
      assertThat(left.next()).isEqualTo(5);
    }
  }

  private static void endedCancelled(AsyncResult<Integer> doomed) throws Exception {
    assertThat(doomed.isCancelled()).isTrue();
    try {
      doomed.get();
      throw new AssertionError("a cancelled result has a value");
    } catch (CancellationException expected) {
      assertThat(doomed.ready()).isTrue();
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
                Endless.class.getName(),
                site.uri())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("taken 2000000");
  }

  /** Consumes many results with a small heap; fails if the input was read too far ahead. */
  static final class Endless {
    private Endless() {}

    /** Runs. */
    public static void main(String[] args) {
      AtomicLong read = new AtomicLong();
      long furthest = 0;
      long taken = 0;
      TaskOptions window = TaskOptions.builder().window(2000).build();
      try (Pool pool = Pool.open(args[0]);
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
      System.out.println("taken " + taken + ", furthest ahead " + furthest);
      if (furthest > 2000) {
        System.exit(1);
      }
    }
  }
}
