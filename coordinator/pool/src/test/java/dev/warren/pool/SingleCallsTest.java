package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls submitted one by one. */
class SingleCallsTest extends WithFakeWorker {

  @Test
  void apply_gives_the_value_for_each_number_of_arguments() {
    assertThat(pool.<String>apply(() -> "zero")).isEqualTo("zero");
    assertThat(pool.apply(WithFakeWorker::twice, 21)).isEqualTo(42);
    assertThat(pool.apply(WithFakeWorker::add, 1, 2)).isEqualTo(3);
    assertThat(pool.apply((Integer a, Integer b, Integer c) -> a + b + c, 1, 2, 3)).isEqualTo(6);
    assertThat(
            pool.apply((Integer a, Integer b, Integer c, Integer d) -> a + b + c + d, 1, 2, 3, 4))
        .isEqualTo(10);
  }

  @Test
  void a_failed_call_throws_its_own_exception_type_as_cause_with_the_remote_stack() {
    assertThatThrownBy(() -> pool.apply(WithFakeWorker::failIfOdd, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasMessageContaining("odd: 3")
        .hasMessageContaining("fake-1")
        .hasCauseExactlyInstanceOf(IllegalStateException.class)
        .satisfies(
            e -> {
              TaskFailedException failed = (TaskFailedException) e;
              assertThat(failed.attempt()).isEqualTo(1);
              assertThat(failed.remoteStack()).get().asString().contains("failIfOdd");
              assertThat(failed.getCause().getStackTrace()[0].getMethodName())
                  .isEqualTo("failIfOdd");
            });
  }

  static final class Unbuildable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unbuildable(int a, int b) {
      super("from " + a + " and " + b);
    }
  }

  static int throwUnbuildable(int n) {
    throw new Unbuildable(n, n);
  }

  @Test
  void an_exception_that_cannot_be_rebuilt_comes_as_a_remote_exception() {
    assertThatThrownBy(() -> pool.apply(SingleCallsTest::throwUnbuildable, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .cause()
        .isExactlyInstanceOf(RemoteException.class)
        .hasMessageContaining("Unbuildable: from 3 and 3");
  }

  @Test
  void get_wraps_the_same_exception_each_time() throws Exception {
    AsyncResult<Integer> result = pool.applyAsync(WithFakeWorker::failIfOdd, 1);
    List<Throwable> causes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try {
        result.get();
      } catch (ExecutionException e) {
        causes.add(e.getCause());
      }
    }
    assertThat(causes).hasSize(2);
    assertThat(causes.get(0)).isInstanceOf(TaskFailedException.class).isSameAs(causes.get(1));
    assertThat(result.ready()).isTrue();
    assertThat(result.successful()).isFalse();
  }

  @Test
  void get_with_a_timeout_cancels_nothing() throws Exception {
    worker.hold();
    AsyncResult<Integer> result = pool.applyAsync(WithFakeWorker::twice, 4);
    assertThatThrownBy(() -> result.get(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> result.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    assertThat(result.await(Duration.ZERO)).isFalse();
    assertThatIllegalStateException().isThrownBy(result::successful);
    worker.go();
    assertThat(result.get()).isEqualTo(8);
    assertThat(result.successful()).isTrue();
  }

  @Test
  void calls_that_pile_up_share_messages_and_each_keeps_its_own_outcome() throws Exception {
    worker.hold();
    List<AsyncResult<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      results.add(pool.applyAsync(WithFakeWorker::failIfOdd, i));
    }
    worker.go();
    for (int i = 0; i < 2000; i++) {
      assertThat(results.get(i).await(Duration.ofMinutes(3))).isTrue();
      assertThat(results.get(i).successful()).isEqualTo(i % 2 == 0);
    }
    assertThat(worker.messages()).isLessThan(500);
  }

  @Test
  void an_interrupted_apply_cancels_its_call_and_keeps_the_flag() throws Exception {
    worker.hold();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    Thread caller =
        new Thread(
            () -> {
              try {
                pool.apply(WithFakeWorker::twice, 1);
              } catch (PoolInterruptedException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    await().until(() -> worker.messages() == 1);
    caller.interrupt();
    caller.join(5000);
    assertThat(thrown.get()).isInstanceOf(PoolInterruptedException.class);
    assertThat(flag.get()).isTrue();
    await().until(() -> !worker.cancels.isEmpty());
    worker.go();
  }
}
