package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.ChildContext;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.config.WorkerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor whose children, programs in Python, violate the protocol. */
class LyingChildIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir static Path folder;
  private final Broker broker = InMemoryBroker.open();
  private final TestOwner owner = new TestOwner(broker, "default");
  private Worker worker;

  @BeforeEach
  void start() throws IOException {
    Path program = folder.resolve("lying_child.py");
    if (!Files.exists(program)) {
      try (InputStream in = LyingChildIT.class.getResourceAsStream("/lying_child.py")) {
        Files.copy(in, program);
      }
    }
    WorkerConfig config =
        WorkerConfig.builder()
            .processes(2)
            .context(ChildContext.command("python3", program.toString()))
            .functions(List.of("**"))
            .build();
    worker = Worker.start(config, broker, event -> {});
  }

  @AfterEach
  void close() {
    worker.close();
    broker.close();
  }

  private void awaitEnded(int calls) {
    await().atMost(SOON).until(() -> owner.ended() == calls);
  }

  private long submit(String function, List<?> args) {
    return owner.submit(function, args, 10, TaskOptions.DEFAULTS, PoolSettings.DEFAULTS);
  }

  @Test
  void a_line_that_is_no_outcome_ends_its_own_call_typed_and_no_other() {
    List<String> lines =
        List.of(
            "{\"value\":0}",
            "garbage",
            "{\"value\":2}",
            "{\"value\":1} trailing",
            " ",
            "{\"value\":5}",
            "{\"error\":null}",
            "{\"value\":1}{\"value\":2}",
            "{\"error\":{\"kind\":[]}}",
            "{\"value\":9}",
            "{\"value\":\"\u00ff\"}",
            "{\"error\":{\"kind\":\"failed\",\"types\":[null]}}");
    submit("raw", lines);
    awaitEnded(lines.size());
    for (int i : new int[] {0, 2, 5, 9}) {
      assertThat(owner.value(i)).isEqualTo(Integer.toString(i));
    }
    for (int i : new int[] {1, 3, 4, 6, 7, 10}) {
      assertThat(owner.failure(i).kind())
          .as(lines.get(i))
          .isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
      assertThat(owner.failure(i).message()).contains("not one outcome of JSON");
    }
    assertThat(owner.failure(11).kind()).isEqualTo(FailureKind.FAILED);
    assertThat(owner.repeats()).isZero();
  }

  @Test
  void a_failure_that_says_nothing_of_itself_is_retried_or_ends_all_the_same() {
    TaskOptions twice = TaskOptions.builder().maxAttempts(2).build();
    owner.submit("raw", List.of("{\"error\":{}}", "nonsense"), 2, twice, PoolSettings.DEFAULTS);
    awaitEnded(2);
    assertThat(owner.failure(0).kind()).isEqualTo(FailureKind.FAILED);
    assertThat(owner.failure(1).kind()).isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
  }

  @Test
  void damaged_frames_end_their_child_and_no_calls_of_others() {
    List<List<Integer>> lies = new ArrayList<>();
    Random random = new Random(16);
    for (int i = 0; i < 20; i++) {
      lies.add(List.of(random.nextInt(1_000_000), 50));
    }
    submit("frames", lies);
    submit("raw", Collections.nCopies(50, "{\"value\":7}"));
    awaitEnded(70);
    for (int i = 20; i < 70; i++) {
      assertThat(owner.value(i)).isEqualTo("7");
    }
  }

  @Test
  void further_links_that_announce_huge_frames_are_refused_and_its_calls_end() {
    submit("links", List.of(50, 50));
    submit("raw", Collections.nCopies(10, "{\"value\":7}"));
    awaitEnded(12);
    assertThat(owner.value(0)).isEqualTo("1");
    assertThat(owner.value(11)).isEqualTo("7");
  }
}
