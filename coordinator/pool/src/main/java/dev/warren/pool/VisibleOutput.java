package dev.warren.pool;

import dev.warren.lifecycle.Logs;
import dev.warren.worker.config.ChildOutput;
import org.jspecify.annotations.Nullable;

/**
 * What the children of a {@code local:} pool print goes to the pool's listener, if that takes it,
 * otherwise to the log; in a program without a logging library to this program's stderr, as it is.
 * Thread-safe.
 */
final class VisibleOutput implements ChildOutput {
  private final @Nullable PoolListener listener;

  VisibleOutput(@Nullable PoolListener listener) {
    this.listener = listener;
  }

  @Override
  @SuppressWarnings("SystemOut") // the child's terminal is this program's
  public void take(Line line) {
    if (listener != null
        && listener.childOutput(line.child(), line.pid(), line.error(), line.text())) {
      return;
    }
    if (Logs.areVisible()) {
      LOG.take(line);
    } else {
      System.err.println(line.text());
    }
  }
}
