package dev.warren.pool.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cluster.WorkerRegistry;
import dev.warren.task.TaskContext;
import dev.warren.wire.control.Heartbeat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NestedWaitsTest {
  private final WorkerRegistry registry = new WorkerRegistry(new Heard());
  private final NestedWaits waits = new NestedWaits("stats", registry);
  private final List<String> told = new ArrayList<>();

  private void hear(String worker) {
    registry.heard(
        new Heartbeat(worker, "h", 1, 1, 2, 0, List.of(), false, 2000, false, 0, List.of(), 0), 0);
    waits.look();
  }

  @Test
  void a_call_that_waits_for_its_own_workers_pool_is_reported_with_the_remedy() {
    hear("w-1234");
    waits.begin(new Call("w-1234", 7));
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains("w-1234-7", "pool stats", "one of 2 known", "Use a timeout");
  }

  @Test
  void it_is_reported_even_if_the_worker_becomes_known_later() {
    waits.begin(new Call("w-1234", 7));
    hear("w-9999");
    assertThat(told).isEmpty();
    hear("w-1234");
    assertThat(told).hasSize(1);
  }

  @Test
  void it_is_reported_once() {
    hear("w-1234");
    waits.begin(new Call("w-1234", 7));
    waits.begin(new Call("w-1234", 8));
    hear("w-1234");
    assertThat(told).hasSize(1);
  }

  @Test
  void a_call_may_wait_for_the_pool_of_other_workers() {
    hear("w-9999");
    hear("w-1");
    waits.begin(new Call("w-1234", 7));
    waits.begin(new Call("a-name-of-anothers-making", 1));
    hear("w-9999");
    assertThat(told).isEmpty();
  }

  private final class Call extends TaskContext {
    private final String worker;
    private final String child;

    Call(String worker, int number) {
      this.worker = worker;
      this.child = worker + "-" + number;
    }

    @Override
    public String worker() {
      return worker;
    }

    @Override
    public String child() {
      return child;
    }

    @Override
    public String jobId() {
      return "j";
    }

    @Override
    public long callId() {
      return 1;
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public Optional<Instant> deadline() {
      return Optional.empty();
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void log(String line) {
      told.add(line);
    }

    @Override
    public void progress(double done) {}

    @Override
    public void requestRecycle() {}
  }
}
