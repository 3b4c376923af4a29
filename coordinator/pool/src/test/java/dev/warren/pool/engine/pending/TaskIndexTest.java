package dev.warren.pool.engine.pending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIndexTest {
  private static final CallTimes.Measured TIMES =
      new CallTimes().of(FunctionRef.parse("a.B::c", null));

  private final TaskIndex index = new TaskIndex();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1023, 1024, 1025, 5000})
  void a_task_is_found_by_exactly_its_numbers(int count) {
    PendingTask task = entered(1000, count);
    for (long number = 1000; number < 1000 + count; number++) {
      assertThat(index.find(number)).isSameAs(task);
    }
    assertThat(index.find(999)).isNull();
    assertThat(index.find(1000 + count)).isNull();
    index.remove(task);
    assertThat(index.find(1000)).isNull();
    assertThat(index.find(999 + count)).isNull();
    assertThat(index.findFirst(0, Long.MAX_VALUE)).isNull();
  }

  @Test
  void the_first_of_a_range_is_found_where_numbers_before_it_are_gone() {
    PendingTask early = entered(0, 2000);
    PendingTask late = entered(5000, 10);
    index.remove(early);
    assertThat(index.findFirst(0, Long.MAX_VALUE)).isSameAs(late);
    assertThat(index.findFirst(1999, 5000)).isSameAs(late);
    assertThat(index.findFirst(5003, 5003)).isSameAs(late);
    assertThat(index.findFirst(0, 4999)).isNull();
    assertThat(index.findFirst(5010, Long.MAX_VALUE)).isNull();
  }

  @Test
  void each_task_is_visited_once_in_order_of_numbers() {
    List<PendingTask> entered = new ArrayList<>();
    long next = 0;
    for (int count : new int[] {1, 700, 700, 1, 3000, 1}) {
      entered.add(entered(next, count));
      next += count;
    }
    index.remove(entered.remove(1));
    List<PendingTask> given = new ArrayList<>();
    index.forEach(given::add);
    assertThat(given).containsExactlyElementsOf(entered);
  }

  @Test
  void a_task_that_another_thread_has_entered_is_found_until_it_is_removed() {
    BlockingQueue<PendingTask> handed = new ArrayBlockingQueue<>(100);
    int tasks = 100_000;
    CompletableFuture<Void> adder =
        CompletableFuture.runAsync(
            () -> {
              long next = 0;
              for (int i = 0; i < tasks; i++) {
                PendingTask task = entered(next, 1 + i % 3);
                next += task.count;
                try {
                  handed.put(task);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    for (int i = 0; i < tasks; i++) {
      PendingTask task = take(handed);
      assertThat(index.find(task.first)).isSameAs(task);
      assertThat(index.find(task.last())).isSameAs(task);
      index.remove(task);
      assertThat(index.find(task.last())).isNull();
    }
    adder.join();
    assertThat(index.findFirst(0, Long.MAX_VALUE)).isNull();
  }

  private static PendingTask take(BlockingQueue<PendingTask> from) {
    try {
      return from.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private PendingTask entered(long first, int count) {
    PendingTask task = new PendingTask(first, count, 0, new Nobody(), TIMES, 0);
    index.add(task);
    return task;
  }

  private static final class Nobody implements Receiver {
    @Override
    public void outcome(long index, Payload line) {
      throw new AssertionError("nobody has an outcome");
    }
  }
}
