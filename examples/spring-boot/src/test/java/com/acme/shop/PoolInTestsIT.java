package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.Pool;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

/** The pool, its health and its meters in a test of the application. */
@SpringBootTest(properties = {"warren.processes=1", "warren.name=tests"})
class PoolInTestsIT {
  @Autowired private Pool pool;
  @Autowired private MeterRegistry meters;
  @Autowired private ApplicationContext context;

  @Test
  void the_pool_of_the_context_runs_calls() {
    assertThat(pool.name()).isEqualTo("tests");
    assertThat(pool.apply(Prices::reduced, new Item("tea", 200))).isEqualTo(new Item("Tea", 100));
    assertThat(pool.map(n -> n * n, List.of(1, 2, 3))).containsExactly(1, 4, 9);
  }

  @Test
  void health_and_meters_show_the_pool() throws ReflectiveOperationException {
    Object health = context.getBean("warrenHealthIndicator");
    var method = health.getClass().getMethod("health");
    method.setAccessible(true);
    assertThat(method.invoke(health).toString()).contains("UP", "tests", "RUNNING");
    assertThat(meters.get("warren.slots").tags("pool", "tests").gauges()).hasSize(3);
    assertThat(meters.get("warren.calls.submitted").tag("pool", "tests").functionCounter().count())
        .isNotNegative();
  }
}
