package dev.warren.worker.child.loop;

import dev.warren.lifecycle.NamedThreads;
import java.util.Iterator;

/** The two ways in which a child exits. Neither method returns. */
public final class ChildExit {
  /** Maximum time for the shutdown hooks of user code. */
  private static final long HOOKS_MS = 5000;

  private static final int ROUNDS = 3;

  private ChildExit() {}

  /** The parent is gone: kills all descendants and exits at once, whatever user code is doing. */
  static void withParent() {
    try {
      // repeated, because a child may fork while its descendants are listed
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
   * The parent has told the child to quit: runs the shutdown hooks, for a limited time. The link is
   * no longer watched, so this limit is also how long a child may outlive a parent that dies now.
   */
  public static void asAsked() {
    watchdog().start();
    System.exit(0);
  }

  /** Creates the thread that exits the process after the limit. */
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
