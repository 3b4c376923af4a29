package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.warren.task.ChildContext;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only a pool over a broker has; the rest is in the classes on every site. */
@Timeout(120)
@ExtendWith(Site.Closing.class)
class AmqpPoolIT {

  @Test
  void both_workers_take_part() throws Exception {
    Pool pool = Site.RABBIT.pool();
    Set<String> workers = new HashSet<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              workers.addAll(pool.map(Functions::supervisor, Collections.nCopies(20, 20), 1));
              return workers.size() == Site.WORKERS;
            });
  }

  @Test
  void the_context_of_children_is_the_workers_own_setting() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().uri(Site.uri()).context(ChildContext.jvm()).open())
        .withMessageContaining("context");
  }
}
