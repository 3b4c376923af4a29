package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.memory.InMemoryBroker;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Tests of the API's rules against a worker that calls functions in this process. */
@Timeout(600)
abstract class WithFakeWorker {
  final InMemoryBroker broker = InMemoryBroker.open();
  final FakeWorker worker = new FakeWorker(broker, "default", 4);
  final Pool pool = Pool.builder().openOn(broker);

  @AfterEach
  void closeAll() {
    pool.terminate();
    assertThat(pool.join(Duration.ofMinutes(3))).isTrue();
    worker.close();
  }

  static int twice(int n) {
    return 2 * n;
  }

  static int add(int a, int b) {
    return a + b;
  }

  static int failIfOdd(int n) {
    if (n % 2 == 1) {
      throw new IllegalStateException("odd: " + n);
    }
    return n;
  }

  static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }
}
