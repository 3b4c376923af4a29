package dev.warren.pool;

import dev.warren.cluster.ClusterListener;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.config.WorkerListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Forwards events to the user's listener, on a separate thread. Thread-safe; never blocks. */
final class Events implements ClusterListener, WorkerListener {
  private static final Logger log = Logs.of(Events.class);

  private final @Nullable PoolListener listener;
  private final ExecutorService thread = NamedThreads.single("pool-events");

  Events(@Nullable PoolListener listener) {
    this.listener = listener;
  }

  private void tell(java.util.function.Consumer<PoolListener> event) {
    PoolListener hears = listener;
    if (hears == null) {
      return;
    }
    try {
      thread.execute(
          () -> {
            try {
              event.accept(hears);
            } catch (Throwable e) {
              log.error("the pool's listener failed; it still receives later events", e);
            }
          });
    } catch (RejectedExecutionException e) {
      log.trace("an event after the release is dropped", e);
    }
  }

  @Override
  public void workerJoined(String worker, String host, int slots) {
    tell(hears -> hears.workerJoined(worker, host, slots));
  }

  @Override
  public void workerLeft(String worker, String host, boolean expected) {
    tell(hears -> hears.workerLeft(worker, host, expected));
  }

  @Override
  public void brokerLost(String reason) {
    tell(hears -> hears.brokerLost(reason));
  }

  @Override
  public void brokerBack() {
    tell(PoolListener::brokerBack);
  }

  @Override
  public void brokerBlocked(String reason) {
    tell(hears -> hears.brokerBlocked(reason));
  }

  @Override
  public void brokerUnblocked() {
    tell(PoolListener::brokerUnblocked);
  }

  @Override
  public void released() {
    thread.shutdown();
  }

  @Override
  public void childStarted(String child, long pid) {
    tell(hears -> hears.childStarted(child, pid));
  }

  @Override
  public void childReady(String child, long pid) {
    tell(hears -> hears.childReady(child, pid));
  }

  @Override
  public void childRecycled(String child, long pid, RecycleReason reason, String text) {
    tell(hears -> hears.childRecycled(child, pid, text));
  }

  @Override
  public void childLost(String child, long pid, RemoteFailure evidence) {
    tell(hears -> hears.childLost(child, pid, evidence));
  }

  @Override
  public void callRunning(String child, long pid, String job, long call) {
    tell(hears -> hears.callRunning(child, pid, job, call));
  }

  @Override
  public void callProgress(String child, long pid, String job, long call, double done) {
    tell(hears -> hears.callProgress(child, pid, job, call, done));
  }
}
