package dev.warren.pool;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Needs a readable log, which a worker in a separate process does not have. */
public final class OwnPoolFunctions {
  private OwnPoolFunctions() {}

  /** Opens the pool that runs it, waits for calls of it, and returns the log of that time. */
  public static List<String> waitForOwnPool(String uri, boolean withTimeout) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.warren.pool.engine.NestedWaits");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try (Pool pool = Pool.open(uri)) {
      for (int i = 0; i < 3; i++) {
        AsyncResult<Integer> inner = pool.applyAsync(Functions::sleep, 500);
        if (withTimeout) {
          inner.get(Duration.ofMinutes(1));
        } else {
          inner.get();
        }
      }
    } finally {
      logger.detachAppender(log);
    }
    return log.list.stream().map(event -> event.getLevel() + " " + event).toList();
  }
}
