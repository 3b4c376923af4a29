package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Conformance: results consumed one by one while the input is being read. */
class LazyIT extends OnEverySite {

  private static List<Integer> all(ResultIterator<Integer> results) {
    List<Integer> all = new ArrayList<>();
    results.forEachRemaining(all::add);
    return all;
  }

  @Test
  void an_endless_input_is_read_no_further_than_the_window() {
    AtomicInteger read = new AtomicInteger();
    Pool windowed = pool().with(options().window(20).build());
    try (ResultIterator<Integer> results =
        windowed.imap(Functions::twice, Stream.generate(read::getAndIncrement))) {
      for (int i = 0; i < 300; i++) {
        assertThat(results.next()).isEqualTo(2 * i);
        assertThat(read.get()).isLessThanOrEqualTo(i + 1 + 20);
      }
    }
  }

  @Test
  void every_kind_of_source_gives_each_result_once_with_any_chunk_size() {
    List<Integer> doubled = upTo(300).stream().map(n -> 2 * n).toList();
    List<ResultIterator<Integer>> ordered =
        List.of(
            pool().imap(Functions::twice, upTo(300)),
            pool().imap(Functions::twice, upTo(300), 7),
            pool().imap(Functions::twice, upTo(300).iterator()),
            pool().imap(Functions::twice, upTo(300).iterator(), 7),
            pool().imap(Functions::twice, upTo(300).stream()),
            pool().imap(Functions::twice, upTo(300).stream(), 7));
    ordered.forEach(results -> assertThat(all(results)).isEqualTo(doubled));
    List<ResultIterator<Integer>> unordered =
        List.of(
            pool().imapUnordered(Functions::twice, upTo(300)),
            pool().imapUnordered(Functions::twice, upTo(300), 7),
            pool().imapUnordered(Functions::twice, upTo(300).iterator()),
            pool().imapUnordered(Functions::twice, upTo(300).iterator(), 7),
            pool().imapUnordered(Functions::twice, upTo(300).stream()),
            pool().imapUnordered(Functions::twice, upTo(300).stream(), 7));
    unordered.forEach(
        results -> assertThat(all(results)).containsExactlyInAnyOrderElementsOf(doubled));
  }

  @Test
  void results_that_nobody_takes_hold_the_input_back() {
    AtomicInteger read = new AtomicInteger();
    Pool windowed = pool().with(options().window(20).build());
    try (ResultIterator<Integer> results =
        windowed.imapUnordered(Functions::twice, Stream.generate(read::getAndIncrement), 3)) {
      await().atMost(SOON).until(() -> read.get() == 20);
      assertThat(pool().map(Functions::twice, upTo(500))).hasSize(500);
      assertThat(read).as("read, with nothing taken").hasValue(20);
      for (int taken = 1; taken <= 200; taken++) {
        assertThat(results.next()).isNotNegative();
        assertThat(read.get()).isLessThanOrEqualTo(taken + 20);
      }
    }
  }

  @Test
  void next_waits_no_longer_than_told_and_the_result_is_not_lost() throws Exception {
    try (ResultIterator<Integer> results = pool().imap(Functions::sleep, List.of(700, 1), 1)) {
      assertThatThrownBy(() -> results.next(Duration.ZERO)).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> results.next(Duration.ofMillis(50)))
          .isInstanceOf(TimeoutException.class);
      assertThat(results.next(SOON)).isEqualTo(700);
      assertThat(results.next(SOON)).isEqualTo(1);
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void with_one_child_results_come_in_the_order_of_the_input() {
    Pool one = open(builder().processes(1));
    assertThat(all(one.imapUnordered(Functions::twice, upTo(300))))
        .isEqualTo(upTo(300).stream().map(n -> 2 * n).toList());
  }

  @Test
  void closing_early_cancels_what_is_left() throws Exception {
    Path file = folder.resolve("started");
    ResultIterator<Integer> results =
        pool()
            .with(options().window(50).build())
            .imap(n -> Functions.mark(n, 30_000), Stream.generate(file::toString), 1);
    awaitLines(file, 1);
    results.close();
    assertThat(results.hasNext()).isFalse();
    assertThat(pool().map(Functions::twice, upTo(50))).hasSize(50);
    assertThat(lines(file)).isLessThan(50);
  }
}
