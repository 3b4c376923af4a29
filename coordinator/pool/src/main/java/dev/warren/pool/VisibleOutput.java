package dev.warren.pool;

import dev.warren.worker.config.ChildOutput;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

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
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
      System.err.println(line.text());
    } else {
      LOG.take(line);
    }
  }
}
