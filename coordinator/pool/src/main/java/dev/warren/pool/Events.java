package dev.warren.pool;

import dev.warren.cluster.ClusterEvent;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.worker.config.WorkerEvent;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Forwards events to the user's listener, on a separate thread. Thread-safe; never blocks. */
final class Events implements AutoCloseable {
  private static final Logger log = Logs.of(Events.class);

  private final @Nullable PoolListener listener;
  private final ExecutorService thread = NamedThreads.single("pool-events");

  Events(@Nullable PoolListener listener) {
    this.listener = listener;
  }

  void ofWorker(WorkerEvent event) {
    tell(user -> pass(event, user));
  }

  void ofCluster(ClusterEvent event) {
    tell(user -> pass(event, user));
  }

  /** No event follows. Events already received are still forwarded. */
  @Override
  public void close() {
    thread.shutdown();
  }

  private void tell(Consumer<PoolListener> event) {
    PoolListener user = listener;
    if (user == null) {
      return;
    }
    try {
      thread.execute(
          () -> {
            try {
              event.accept(user);
            } catch (Throwable e) {
              log.error("the pool's listener failed; it still receives later events", e);
            }
          });
    } catch (RejectedExecutionException e) {
      log.trace("an event after the release is dropped", e);
    }
  }

  private static void pass(WorkerEvent event, PoolListener user) {
    String child = event.child();
    long pid = event.pid();
    if (event instanceof WorkerEvent.ChildStarted) {
      user.childStarted(child, pid);
    } else if (event instanceof WorkerEvent.ChildReady) {
      user.childReady(child, pid);
    } else if (event instanceof WorkerEvent.ChildRecycled recycled) {
      user.childRecycled(child, pid, recycled.text());
    } else if (event instanceof WorkerEvent.ChildLost lost) {
      user.childLost(child, pid, lost.evidence());
    } else if (event instanceof WorkerEvent.CallRunning running) {
      user.callRunning(child, pid, running.job(), running.call());
    } else if (event instanceof WorkerEvent.CallProgress progress) {
      user.callProgress(child, pid, progress.job(), progress.call(), progress.done());
    }
  }

  private static void pass(ClusterEvent event, PoolListener user) {
    if (event instanceof ClusterEvent.WorkerJoined joined) {
      user.workerJoined(joined.worker(), joined.host(), joined.slots());
    } else if (event instanceof ClusterEvent.WorkerLeft left) {
      user.workerLeft(left.worker(), left.host(), left.expected());
    } else if (event instanceof ClusterEvent.BrokerLost lost) {
      user.brokerLost(lost.reason());
    } else if (event instanceof ClusterEvent.BrokerBack) {
      user.brokerBack();
    } else if (event instanceof ClusterEvent.BrokerBlocked blocked) {
      user.brokerBlocked(blocked.reason());
    } else if (event instanceof ClusterEvent.BrokerUnblocked) {
      user.brokerUnblocked();
    }
  }
}
