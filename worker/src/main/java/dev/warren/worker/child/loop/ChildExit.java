package dev.warren.worker.child.loop;

import dev.warren.lifecycle.NamedThreads;
import java.util.Iterator;

/** The two ways a child ends of itself. Neither returns. */
public final class ChildExit {
  /** How long the shutdown hooks of user code may take. */
  private static final long HOOKS_MS = 5000;

  private static final int ROUNDS = 3;

  private ChildExit() {}

  /** The parent is gone: take all descendants along, at once, whatever user code is doing. */
  static void withParent() {
    try {
      // more than once: a child may have been forking while it was looked for
      for (int round = 0; round < ROUNDS; round++) {
        Iterator<ProcessHandle> handles = ProcessHandle.current().descendants().iterator();
        while (handles.hasNext()) {
          handles.next().destroyForcibly();
        }
      }
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  /**
   * The parent wants no more: run the shutdown hooks, but not for ever; nobody watches the link any
   * more, so this bound is also how long a child may outlive a parent that dies now.
   */
  public static void asAsked() {
    watchdog().start();
    System.exit(0);
  }

  /** Ends the process after the bound, once it is started. */
  public static Thread watchdog() {
    return NamedThreads.unstarted("child-watchdog", new Watchdog());
  }

  private static final class Watchdog implements Runnable {
    @Override
    public void run() {
      try {
        Thread.sleep(HOOKS_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Runtime.getRuntime().halt(0);
    }
  }
}
