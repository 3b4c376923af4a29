package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many calls, consumed one by one. */
class LazyResultIteratorTest extends WithFakeWorker {

  @Test
  void imap_gives_results_in_order_and_ends() {
    ResultIterator<Integer> results = pool.imap(WithFakeWorker::twice, upTo(5000).iterator());
    for (int i = 0; i < 5000; i++) {
      assertThat(results.next()).isEqualTo(2 * i);
    }
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> results.next(Duration.ofSeconds(1)))
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void imap_unordered_gives_each_result_once() {
    List<Integer> all = new ArrayList<>();
    pool.imapUnordered(WithFakeWorker::twice, upTo(5000).stream(), 3).forEachRemaining(all::add);
    Collections.sort(all);
    assertThat(all).isEqualTo(upTo(5000).stream().map(n -> 2 * n).toList());
  }

  @Test
  void imap_never_reads_further_ahead_than_its_window() {
    AtomicInteger read = new AtomicInteger();
    Iterator<Integer> endless = Stream.generate(read::getAndIncrement).iterator();
    Pool windowed = pool.with(TaskOptions.builder().window(10).build());
    try (ResultIterator<Integer> results = windowed.imap(WithFakeWorker::twice, endless, 4)) {
      for (int taken = 0; taken < 200; taken++) {
        assertThat(results.next()).isEqualTo(2 * taken);
        assertThat(read.get()).isLessThanOrEqualTo(taken + 1 + 10);
      }
    }
  }

  @Test
  void a_failed_call_throws_at_its_place_and_iteration_goes_on() {
    ResultIterator<Integer> results = pool.imap(WithFakeWorker::failIfOdd, upTo(4), 2);
    assertThat(results.next()).isEqualTo(0);
    assertThatThrownBy(results::next).isInstanceOf(TaskFailedException.class);
    assertThat(results.next()).isEqualTo(2);
    assertThatThrownBy(results::next).isInstanceOf(TaskFailedException.class);
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void a_source_that_throws_comes_after_the_results_of_what_it_gave_errors_included() {
    for (Throwable failure : List.of(new IllegalStateException("s"), new AssertionError("e"))) {
      Iterator<Integer> source =
          IntStream.range(0, 20)
              .mapToObj(
                  n -> {
                    if (n == 7) {
                      throw Uninterrupted.sneak(failure);
                    }
                    return n;
                  })
              .iterator();
      ResultIterator<Integer> results = pool.imap(WithFakeWorker::twice, source, 2);
      for (int i = 0; i < 7; i++) {
        assertThat(results.next()).isEqualTo(2 * i);
      }
      assertThatThrownBy(results::next).isSameAs(failure);
      assertThat(results.hasNext()).isFalse();
    }
    assertThat(pool.apply(WithFakeWorker::twice, 1)).isEqualTo(2);
  }

  @Test
  void a_slow_source_delays_nobody_and_its_items_do_not_wait_for_a_full_chunk() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Iterator<Integer> slow =
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < 3;
          }

          @Override
          public Integer next() {
            if (next == 2) {
              Uninterrupted.await(gate);
            }
            return next++;
          }
        };
    ResultIterator<Integer> results = pool.imap(WithFakeWorker::twice, slow, 100);
    assertThat(results.next(Duration.ofMinutes(3))).isEqualTo(0);
    assertThat(results.next(Duration.ofMinutes(3))).isEqualTo(2);
    assertThat(pool.apply(WithFakeWorker::twice, 7)).isEqualTo(14);
    assertThat(pool.map(WithFakeWorker::twice, upTo(100))).hasSize(100);
    assertThatThrownBy(() -> results.next(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    gate.countDown();
    assertThat(results.next()).isEqualTo(4);
  }

  @Test
  void a_closed_iterator_reads_no_more_and_is_at_its_end() {
    AtomicInteger closed = new AtomicInteger();
    Stream<Integer> endless = Stream.iterate(0, n -> n + 1).onClose(closed::incrementAndGet);
    ResultIterator<Integer> results = pool.imap(WithFakeWorker::twice, endless);
    assertThat(results.next()).isZero();
    results.close();
    results.close();
    assertThat(results.hasNext()).isFalse();
    await().until(() -> closed.get() == 1);
    pool.close();
  }
}
