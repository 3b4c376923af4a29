package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a broker with a lower message limit than it reports: messages of 1000 bytes. */
@Timeout(600)
class TooLargeTest {
  private static final int LIMIT = 1000;
  private static final Duration SOON = Duration.ofMinutes(3);

  private final InMemoryBroker broker = InMemoryBroker.open();
  private final FakeWorker worker = new FakeWorker(broker, "default", 4);
  private final List<Pool> opened = new ArrayList<>();

  private Pool open(Pool.Builder builder) {
    Pool pool = builder.openOn(small());
    opened.add(pool);
    return pool;
  }

  @AfterEach
  void close() {
    for (Pool pool : opened) {
      pool.terminate();
      assertThat(pool.join(SOON)).isTrue();
    }
    worker.close();
  }

  static int length(String text) {
    return text.length();
  }

  @Test
  void a_chunk_over_the_limit_goes_in_parts_and_every_call_of_it_runs() {
    Pool pool = open(Pool.builder());
    List<String> items = Collections.nCopies(100, "x".repeat(100));
    assertThat(pool.map(TooLargeTest::length, items, 100)).hasSize(100).containsOnly(100);
    assertThat(worker.messages()).as("halved until they fit").isEqualTo(16);
    assertThat(worker.calls()).isEqualTo(100);
  }

  @Test
  void a_call_that_is_too_large_alone_affects_no_other() throws Exception {
    Pool pool = open(Pool.builder());
    List<AsyncResult<Integer>> all = new ArrayList<>();
    worker.hold();
    for (int i = 0; i < 50; i++) {
      all.add(pool.applyAsync(TooLargeTest::length, "x".repeat(i == 25 ? 2000 : i)));
    }
    worker.go();
    for (int i = 0; i < 50; i++) {
      if (i != 25) {
        assertThat(all.get(i).get(SOON)).isEqualTo(i);
      }
    }
    assertThatThrownBy(() -> all.get(25).get(SOON))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(TaskRejectedException.class)
        .hasMessageContaining("2004")
        .hasMessageContaining("1000");
  }

  @Test
  void parts_of_a_limited_pool_never_run_at_once() {
    Pool pool = open(Pool.builder().processes(1));
    List<String> items = new ArrayList<>(Collections.nCopies(60, "x".repeat(100)));
    items.set(7, "x".repeat(2000));
    AsyncResult<List<Integer>> result = pool.mapAsync(TooLargeTest::length, items, 20);
    assertThat(result.await(SOON)).isTrue();
    assertThatThrownBy(result::get).hasMessageContaining("2004");
    assertThat(worker.calls()).isEqualTo(59);
    assertThat(worker.mostRunning).hasValue(1);
  }

  @Test
  void a_task_that_is_cancelled_between_its_parts_leaves_the_pool_to_others() {
    Pool pool = open(Pool.builder().processes(1));
    worker.hold();
    AsyncResult<List<Integer>> result =
        pool.mapAsync(TooLargeTest::length, Collections.nCopies(20, "x".repeat(100)), 20);
    await().atMost(SOON).until(() -> worker.messages() == 1);
    result.cancel(true);
    worker.go();
    assertThat(pool.apply(TooLargeTest::length, "next")).isEqualTo(4);
    assertThat(result.isCancelled()).isTrue();
  }

  private Broker small() {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, args) -> {
              if (method.getName().equals("publish")
                  && args[1] instanceof Message message
                  && message.type().equals(TaskMessage.TYPE)
                  && message.body().length() > LIMIT) {
                String why =
                    "body of " + message.body().length() + " bytes, at most " + LIMIT + " allowed";
                return CompletableFuture.failedFuture(BrokerException.unsendable(why));
              }
              try {
                return method.invoke(broker, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
