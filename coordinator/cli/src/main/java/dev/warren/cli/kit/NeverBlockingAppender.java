package dev.warren.cli.kit;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/**
 * Passes log lines to a separate thread, so that a stderr that nobody reads (a stalled log driver,
 * a paused terminal) never blocks the thread that logs. At most {@value #LINES} lines wait; further
 * ones are dropped and counted, and the count is logged as soon as there is room. Named in {@code
 * logback-warren.xml}. Thread-safe.
 */
public final class NeverBlockingAppender extends AsyncAppender {
  static final int LINES = 1000;

  /** Name of the logger that reports dropped lines. */
  static final String REPORTER = "dev.warren.cli.kit.Logging";

  private static final int FLUSH_MS = 1000;

  private long dropped; // guarded by this

  /** Configures the queue; logback creates the instance. */
  public NeverBlockingAppender() {
    setQueueSize(LINES);
    setDiscardingThreshold(0);
    setNeverBlock(true);
    setMaxFlushTime(FLUSH_MS);
  }

  // Only this method adds to the queue, so room checked under the lock is available.
  @Override
  protected synchronized void append(ILoggingEvent event) {
    if (dropped > 0 && getRemainingCapacity() > 1) {
      super.append(report(dropped));
      dropped = 0;
    }
    if (getRemainingCapacity() > 0) {
      super.append(event);
    } else {
      dropped++;
    }
  }

  private ILoggingEvent report(long lines) {
    LoggerContext context = (LoggerContext) getContext();
    return new LoggingEvent(
        NeverBlockingAppender.class.getName(),
        context.getLogger(REPORTER),
        Level.WARN,
        lines + " log lines were dropped: stderr was not read fast enough",
        null,
        null);
  }
}
