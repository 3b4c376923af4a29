package dev.warren.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StateMachineTest {
  private enum Light {
    OFF,
    ON,
    BROKEN
  }

  private static StateMachine<Light> lamp() {
    return StateMachine.named("lamp", Light.class)
        .edge(Light.OFF, Light.ON)
        .edge(Light.ON, Light.OFF)
        .edge(Light.ON, Light.BROKEN)
        .startingAt(Light.OFF);
  }

  @Test
  void only_stated_edges_are_taken() {
    StateMachine<Light> lamp = lamp();
    assertThat(lamp.tryGo(Light.BROKEN)).isFalse();
    assertThat(lamp.is(Light.OFF)).isTrue();
    lamp.go(Light.ON);
    lamp.go(Light.BROKEN);
    assertThatThrownBy(() -> lamp.go(Light.ON))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("lamp cannot go from BROKEN to ON");
    assertThat(lamp).hasToString("lamp BROKEN");
  }

  @Test
  void of_many_threads_exactly_one_takes_an_edge() throws InterruptedException {
    StateMachine<Light> lamp = lamp();
    AtomicInteger won = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads =
        Stream.generate(
                () ->
                    NamedThreads.start(
                        "test",
                        () -> {
                          try {
                            start.await();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                          if (lamp.tryGo(Light.ON)) {
                            won.incrementAndGet();
                          }
                        }))
            .limit(8)
            .toList();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(won).hasValue(1);
  }
}
