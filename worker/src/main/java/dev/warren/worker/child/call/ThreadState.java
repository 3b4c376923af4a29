package dev.warren.worker.child.call;

import org.jspecify.annotations.Nullable;

/**
 * What user code can leave behind on the thread that runs calls, and Warren owns: the context class
 * loader, the thread's name, priority and handler of uncaught exceptions. Remembers them as the
 * initializer left them and restores them before each call, so that no call inherits what another
 * one has set. Confined to that thread.
 *
 * <p>Not restored is what belongs to the process: system properties, standard streams, the default
 * locale, thread-local variables.
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

  /** Remembers the state of the calling thread; an interrupt that is left over is cleared. */
  public static ThreadState ofCurrent() {
    Thread.interrupted();
    return new ThreadState(Thread.currentThread());
  }

  /** Sets what has been changed since; a few reads where nothing has. */
  // the very same loader, name and handler are meant; the priority is but the one it had
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
