package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.task.ChildContext;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Behaviour specific to a {@code local:} pool; everything else is tested on every site. */
@Timeout(600)
class LocalPoolIT {
  @TempDir Path folder;

  @Test
  void a_pool_has_one_child_per_processor_unless_told_otherwise() {
    try (Pool pool = Pool.open()) {
      assertThat(pool.processes()).isEqualTo(Runtime.getRuntime().availableProcessors());
      assertThat(pool.apply(Functions::twice, 1)).isEqualTo(2);
    }
    try (Pool pool = Pool.builder().processes(3).open()) {
      assertThat(pool.processes()).isEqualTo(3);
    }
  }

  @Test
  void opening_waits_for_no_initializer() throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = Pool.builder().processes(1).initializer(Functions::waitForFile, gate).open()) {
      AsyncResult<Integer> waiting = pool.applyAsync(Functions::twice, 1);
      assertThat(waiting.ready()).isFalse();
      Files.createFile(Path.of(gate));
      assertThat(waiting.get()).isEqualTo(2);
    }
  }

  @Test
  void children_are_started_as_the_context_says() throws Exception {
    ChildContext context =
        ChildContext.jvm()
            .javaHome(Path.of(System.getProperty("java.home")))
            .options("-Dwarren.answer=42", "-Xmx77m")
            .environment("WARREN_TEST", "here")
            .workingDirectory(folder);
    try (Pool pool = Pool.builder().processes(1).context(context).open()) {
      assertThat(pool.<String>apply(() -> System.getProperty("warren.answer"))).isEqualTo("42");
      assertThat(pool.<String>apply(() -> System.getenv("WARREN_TEST"))).isEqualTo("here");
      assertThat(pool.<Long>apply(() -> Runtime.getRuntime().maxMemory())).isLessThan(80L << 20);
      assertThat(pool.<String>apply(() -> Path.of("").toAbsolutePath().toString()))
          .isEqualTo(folder.toRealPath().toString());
    }
  }

  @Test
  void children_may_be_threads() {
    try (Pool pool = Pool.builder().processes(3).context(ChildContext.threads()).open()) {
      assertThat(pool.map(Functions::twice, IntStream.range(0, 1000).boxed().toList()))
          .hasSize(1000);
      assertThat(pool.apply(Functions::pid, 1)).isEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void a_listener_is_notified_of_children_and_long_calls() {
    Set<String> heard = new ConcurrentSkipListSet<>();
    try (Pool pool =
        Pool.builder().processes(1).maxTasksPerChild(2).listener(new Hearing(heard)).open()) {
      pool.map(Functions::twice, IntStream.range(0, 5).boxed().toList(), 1);
      pool.apply(Functions::halfWay, 300);
      assertThatThrownBy(
              () ->
                  pool.with(TaskOptions.builder().childLost(0).build())
                      .apply(Functions::end, "halt"))
          .isExactlyInstanceOf(ChildLostException.class);
      await()
          .atMost(Duration.ofMinutes(3))
          .untilAsserted(
              () ->
                  assertThat(heard)
                      .contains(
                          "started",
                          "ready",
                          "recycled: ran 2 calls",
                          "running",
                          "at 0.5",
                          "lost: its child exited with code 8"));
    }
  }

  private record Hearing(Set<String> heard) implements PoolListener {
    @Override
    public void childStarted(String child, long pid) {
      heard.add("started");
    }

    @Override
    public void childReady(String child, long pid) {
      heard.add("ready");
    }

    @Override
    public void childRecycled(String child, long pid, String reason) {
      heard.add("recycled: " + reason);
      throw new IllegalStateException("a listener's own failure harms nothing");
    }

    @Override
    public void childLost(String child, long pid, RemoteFailure evidence) {
      heard.add("lost: " + evidence.message());
    }

    @Override
    public void callRunning(String child, long pid, String job, long call) {
      heard.add("running");
    }

    @Override
    public void callProgress(String child, long pid, String job, long call, double done) {
      heard.add("at " + done);
    }
  }

  @Test
  void a_child_over_its_memory_is_replaced_after_its_call() {
    Set<String> heard = new ConcurrentSkipListSet<>();
    try (Pool pool =
        Pool.builder()
            .processes(1)
            .maxMemoryPerChild(200L << 20)
            .listener(new Hearing(heard))
            .open()) {
      assertThat(pool.apply(Functions::take, 256, 0)).isEqualTo(256);
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> heard.stream().anyMatch(event -> event.startsWith("recycled: memory ")));
    }
  }

  @Test
  void a_call_over_the_hard_memory_limit_is_killed_and_says_so() {
    try (Pool pool = Pool.builder().processes(1).hardMaxMemoryPerChild(300L << 20).open()) {
      Pool once = pool.with(TaskOptions.builder().childLost(0).build());
      assertThatThrownBy(() -> once.apply(Functions::take, 512, 60_000))
          .isInstanceOfSatisfying(
              ChildLostException.class,
              lost -> {
                assertThat(lost.outOfMemory()).isTrue();
                assertThat(lost.memoryLimit()).hasValue(300L << 20);
              });
      assertThat(pool.apply(Functions::twice, 1)).isEqualTo(2);
    }
  }

  @Test
  void a_child_that_cannot_be_started_ends_the_calls_with_the_reason() {
    ChildContext nowhere = ChildContext.jvm().javaHome(Path.of("/nonexistent"));
    try (Pool pool = Pool.builder().processes(1).context(nowhere).open()) {
      assertThatThrownBy(() -> pool.apply(Functions::twice, 1))
          .isExactlyInstanceOf(InitializerFailedException.class)
          .hasMessageContaining("/nonexistent/bin/java");
    }
  }
}
