package dev.warren.worker.child.call;

import org.jspecify.annotations.Nullable;

/**
 * The properties of the thread that runs calls which user code can change: the context class
 * loader, the thread's name, priority and uncaught exception handler. Records them after the
 * initializer and restores them before each call, so that no call inherits what another has set.
 * Confined to that thread.
 *
 * <p>Process-wide state is not restored: system properties, standard streams, the default locale,
 * thread-local variables.
 */
public final class ThreadState {
  private final Thread thread;
  private final @Nullable ClassLoader loader;
  private final String name;
  private final int priority;
  private final Thread.UncaughtExceptionHandler handler;

  private ThreadState(Thread thread) {
    this.thread = thread;
    this.loader = thread.getContextClassLoader();
    this.name = thread.getName();
    this.priority = thread.getPriority();
    this.handler = thread.getUncaughtExceptionHandler();
  }

  /** Records the state of the calling thread and clears a leftover interrupt. */
  public static ThreadState ofCurrent() {
    Thread.interrupted();
    return new ThreadState(Thread.currentThread());
  }

  /** Restores changed properties; costs a few reads if nothing has changed. */
  // compares the identity of loader, name and handler; the priority is only restored, not relied on
  @SuppressWarnings({"ReferenceEquality", "ThreadPriorityCheck"})
  public void restore() {
    if (thread.getContextClassLoader() != loader) {
      thread.setContextClassLoader(loader);
    }
    if (thread.getName() != name) {
      thread.setName(name);
    }
    if (thread.getPriority() != priority) {
      thread.setPriority(priority);
    }
    if (thread.getUncaughtExceptionHandler() != handler) {
      thread.setUncaughtExceptionHandler(handler);
    }
  }
}
