package dev.warren.lifecycle;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Where every thread of Warren comes from: daemon threads with names {@code component-number},
 * whose unexpected ends are logged. docs/THREADS.md lists them. Thread-safe.
 */
public final class NamedThreads {
  private static final AtomicLong NUMBER = new AtomicLong();

  private NamedThreads() {}

  /** A thread, not yet started. */
  public static Thread unstarted(String component, Runnable body) {
    Thread thread = new Thread(body, component + "-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(new LogEnd());
    return thread;
  }

  /** A thread, started. */
  public static Thread start(String component, Runnable body) {
    Thread thread = unstarted(component, body);
    thread.start();
    return thread;
  }

  /** For executors of other libraries. */
  public static ThreadFactory factory(String component) {
    return body -> unstarted(component, body);
  }

  /** One thread that runs tasks in order; it ends after 10 idle seconds and comes back. */
  public static ExecutorService single(String component) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(component));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** As many threads as there are tasks at once; idle ones end after 10 seconds. */
  public static ExecutorService elastic(String component) {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory(component));
  }

  /** One thread for timers; cancelled ones are removed at once. */
  public static ScheduledExecutorService timer(String component) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory(component));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  /** Loads the logger only when there is something to log: children have none. */
  private static final class LogEnd implements Thread.UncaughtExceptionHandler {
    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
      Logger log = Logs.of(NamedThreads.class);
      log.error("thread {} ended by an exception nobody caught", thread.getName(), cause);
    }
  }
}
