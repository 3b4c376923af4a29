package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.ChildContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The suite on {@code local:}, and what only a local pool has. */
class LocalPoolIT extends PoolConformance {
  private static Pool shared;

  @BeforeAll
  static void open() {
    shared = Pool.builder().processes(2).open();
  }

  @AfterAll
  static void close_and_leave_no_process() {
    shared.close();
    long children =
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().toString().contains("ChildMain"))
            .count();
    assertThat(children).as("children left after close").isZero();
  }

  @Override
  Pool pool() {
    return shared;
  }

  @Override
  Pool.Builder builder() {
    return Pool.builder().processes(2);
  }

  @Test
  void a_pool_has_one_child_per_processor_unless_told_otherwise() {
    try (Pool pool = Pool.open()) {
      assertThat(pool.processes()).isEqualTo(Runtime.getRuntime().availableProcessors());
      assertThat(pool.apply(Functions::twice, 1)).isEqualTo(2);
    }
  }

  @Test
  void children_are_started_as_the_context_says() {
    ChildContext context =
        ChildContext.jvm().options("-Dwarren.answer=42").environment("WARREN_TEST", "here");
    try (Pool pool = Pool.builder().processes(1).context(context).open()) {
      assertThat(pool.<String>apply(() -> System.getProperty("warren.answer"))).isEqualTo("42");
      assertThat(pool.<String>apply(() -> System.getenv("WARREN_TEST"))).isEqualTo("here");
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
  void a_listener_hears_of_children() {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    PoolListener listener =
        new PoolListener() {
          @Override
          public void childReady(String child, long pid) {
            heard.add("ready");
          }

          @Override
          public void childRecycled(String child, long pid, String reason) {
            heard.add("recycled");
          }
        };
    try (Pool pool = Pool.builder().processes(1).maxTasksPerChild(2).listener(listener).open()) {
      pool.map(Functions::twice, List.of(1, 2, 3, 4, 5), 1);
    }
    assertThat(heard).contains("ready", "recycled");
  }

  @Test
  void a_java_that_is_not_there_fails_calls_or_the_opening_and_leaves_nothing() {
    ChildContext nowhere = ChildContext.jvm().javaHome(Path.of("/nonexistent"));
    assertThatThrownBy(
            () -> {
              try (Pool pool = Pool.builder().processes(1).context(nowhere).open()) {
                pool.apply(Functions::twice, 1);
              }
            })
        .isInstanceOf(RuntimeException.class);
  }
}
