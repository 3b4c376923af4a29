package dev.warren.worker.consume;

import dev.warren.broker.Subscription;
import java.util.concurrent.atomic.AtomicInteger;

/** The subscriptions of the task queue and the {@code again} queue, as one. Thread-safe. */
final class TaskSubscriptions implements Subscription {
  private final Subscription again;
  private final Subscription tasks;

  TaskSubscriptions(Subscription again, Subscription tasks) {
    this.again = again;
    this.tasks = tasks;
  }

  @Override
  public void prefetch(int newPrefetch) {
    again.prefetch(newPrefetch);
    tasks.prefetch(newPrefetch);
  }

  @Override
  public void pause(Runnable paused) {
    AtomicInteger left = new AtomicInteger(2);
    Runnable one =
        () -> {
          if (left.decrementAndGet() == 0) {
            paused.run();
          }
        };
    again.pause(one);
    tasks.pause(one);
  }

  @Override
  public void cancel() {
    again.cancel();
    tasks.cancel();
  }

  @Override
  public boolean ended() {
    return again.ended() && tasks.ended();
  }
}
