package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.memory.InMemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Callbacks. */
class CallbacksTest extends WithFakeWorker {

  @Test
  void exactly_one_callback_is_called_and_get_implies_that_it_has_returned() throws Exception {
    List<Object> told = Collections.synchronizedList(new ArrayList<>());
    AsyncResult<Integer> good =
        pool.applyAsync(WithFakeWorker::failIfOdd, 2, told::add, e -> told.add("failed"));
    good.get();
    assertThat(told).containsExactly(2);
    AsyncResult<Integer> bad =
        pool.applyAsync(WithFakeWorker::failIfOdd, 3, told::add, e -> told.add("failed"));
    assertThat(bad.await(Duration.ofMinutes(3))).isTrue();
    assertThat(told).containsExactly(2, "failed");
  }

  @Test
  void a_callback_that_throws_harms_nothing() throws Exception {
    AsyncResult<Integer> result =
        pool.applyAsync(
            WithFakeWorker::twice,
            2,
            n -> {
              throw new AssertionError("callback");
            },
            null);
    assertThat(result.get()).isEqualTo(4);
    assertThat(pool.applyAsync(WithFakeWorker::twice, 3, n -> {}, null).get()).isEqualTo(6);
  }

  @Test
  void every_method_of_the_pool_is_legal_inside_a_callback() throws Exception {
    CompletableFuture<String> told = new CompletableFuture<>();
    AtomicReference<AsyncResult<Integer>> own = new AtomicReference<>();
    CountDownLatch submitted = new CountDownLatch(1);
    own.set(
        pool.applyAsync(
            WithFakeWorker::twice,
            1,
            n -> {
              try {
                Uninterrupted.await(submitted);
                int ownValue = own.get().get();
                int other = pool.applyAsync(WithFakeWorker::twice, 5, m -> {}, null).get();
                int mapped = pool.map(WithFakeWorker::twice, upTo(10)).size();
                pool.shutdown();
                pool.join();
                pool.close();
                pool.terminate();
                told.complete(ownValue + " " + other + " " + mapped);
              } catch (Throwable e) {
                told.completeExceptionally(e);
              }
            },
            null));
    submitted.countDown();
    assertThat(told.get(180, TimeUnit.SECONDS)).isEqualTo("2 10 10");
  }

  @Test
  void join_waits_for_callbacks() {
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      pool.applyAsync(
          WithFakeWorker::twice,
          i,
          n -> {
            Uninterrupted.millis(2);
            done.incrementAndGet();
          },
          null);
    }
    pool.shutdown();
    pool.join();
    assertThat(done).hasValue(20);
  }

  @Test
  void callbacks_run_one_at_a_time_on_the_given_executor() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Pool other =
        Pool.builder()
            .callbackExecutor(command -> new Thread(command, "mine").start())
            .openOn(InMemoryBroker.open())) {
      other.terminate();
    }
    for (int i = 0; i < 50; i++) {
      pool.applyAsync(
          WithFakeWorker::twice,
          i,
          n -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
          },
          null);
    }
    pool.shutdown();
    pool.join();
    assertThat(most).hasValue(1);
  }
}
