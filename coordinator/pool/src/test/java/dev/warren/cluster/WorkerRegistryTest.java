package dev.warren.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.wire.control.Heartbeat;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerRegistryTest {
  private final WorkerRegistry registry = new WorkerRegistry(event -> {});

  private void hear(String worker, boolean truncated, String... held) {
    registry.heard(
        new Heartbeat(
            worker, "h", 1, 1, 2, 0, List.of(held), false, 10_000, truncated, 0, List.of(), 0),
        0);
  }

  @Test
  void a_task_is_held_if_any_worker_names_it_or_a_part_of_it() {
    hear("a", false, "one", "two~a.1");
    hear("b", false, "three");
    assertThat(List.of("one", "two", "three")).allMatch(registry.holders());
    assertThat(registry.holders().test("four")).isFalse();
  }

  @Test
  void a_worker_that_does_not_name_all_its_tasks_may_hold_any() {
    hear("a", true, "one");
    assertThat(registry.holders().test("four")).isTrue();
    hear("a", false, "one");
    assertThat(registry.holders().test("four")).isFalse();
  }
}
