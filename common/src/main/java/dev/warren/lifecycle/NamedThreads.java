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
 * Creates every thread of Warren: daemon threads named {@code component-number}, which log an
 * uncaught exception. docs/THREADS.md lists them. Thread-safe.
 */
public final class NamedThreads {
  private static final AtomicLong NUMBER = new AtomicLong();

  private NamedThreads() {}

  /** Creates a thread without starting it. */
  public static Thread unstarted(String component, Runnable body) {
    Thread thread = new Thread(body, component + "-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(new LogEnd());
    return thread;
  }

  /** Creates and starts a thread. */
  public static Thread start(String component, Runnable body) {
    Thread thread = unstarted(component, body);
    thread.start();
    return thread;
  }

  /** A thread factory for executors of other libraries. */
  public static ThreadFactory factory(String component) {
    return body -> unstarted(component, body);
  }

  /**
   * An executor with one thread that runs tasks in order; after 10 idle seconds the thread ends
   * until the next task.
   */
  public static ExecutorService single(String component) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(component));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** An executor with a thread per concurrent task; idle threads end after 10 seconds. */
  public static ExecutorService elastic(String component) {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory(component));
  }

  /** A timer with one thread; cancelled tasks are removed at once. */
  public static ScheduledExecutorService timer(String component) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory(component));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  /** Loads the logger only if there is something to log: children have none. */
  private static final class LogEnd implements Thread.UncaughtExceptionHandler {
    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
      Logger log = Logs.of(NamedThreads.class);
      log.error("thread {} ended by an uncaught exception", thread.getName(), cause);
    }
  }
}
