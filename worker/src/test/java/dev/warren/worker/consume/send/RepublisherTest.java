package dev.warren.worker.consume.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import dev.warren.worker.consume.ScriptedBroker;
import dev.warren.worker.loop.SelectorLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what was put off may be acknowledged. */
class RepublisherTest {
  private static final PoolNames NAMES = new PoolNames("p");
  private static final Duration AT_RISK = Duration.ofMillis(500);
  private static final Message MESSAGE =
      new Message("m", "t", "r", "c", 4, Map.of(), Payload.of("[1]"));

  private final ExecutorService helper = NamedThreads.elastic("test-helper");
  private final BlockingQueue<Long> done = new LinkedBlockingQueue<>();
  private SelectorLoop loop;

  @BeforeEach
  void start() throws IOException {
    loop = SelectorLoop.start(TimeSource.SYSTEM);
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    helper.shutdown();
    assertThat(loop.awaitStopped(5000)).isTrue();
  }

  @Test
  void what_went_to_a_new_delay_queue_stays_unacknowledged_while_that_may_be_forgotten()
      throws InterruptedException {
    ScriptedBroker broker = new ScriptedBroker(AT_RISK);
    Republisher republisher = new Republisher(broker, NAMES, loop, "w-1", helper);
    long begun = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      loop.post(() -> republisher.goRound(MESSAGE, true, () -> done.add(System.nanoTime())));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(nextDone() - begun).isGreaterThanOrEqualTo(AT_RISK.toNanos());
    }
    assertThat(broker.declared).allMatch(NAMES.delayTopology(100)::equals);
    assertThat(broker.taken).hasSize(3);
  }

  @Test
  void where_a_new_queue_is_as_safe_as_an_old_one_nothing_waits() throws InterruptedException {
    ScriptedBroker broker = new ScriptedBroker(Duration.ZERO);
    Republisher republisher = new Republisher(broker, NAMES, loop, "w-1", helper);
    loop.post(() -> republisher.goRound(MESSAGE, true, () -> done.add(System.nanoTime())));
    nextDone();
    assertThat(broker.taken).hasSize(1);
  }

  private long nextDone() throws InterruptedException {
    Long at = done.poll(20, TimeUnit.SECONDS);
    assertThat(at).isNotNull();
    return at;
  }
}
