package dev.warren.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NeverBlockingAppenderTest {
  private final LoggerContext context = new LoggerContext();
  private final Sink sink = new Sink();
  private final Logger log = context.getLogger("test");

  /** A stderr that blocks until {@link #read} is counted down. */
  private static final class Sink extends AppenderBase<ILoggingEvent> {
    private final CountDownLatch read = new CountDownLatch(1);
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      try {
        read.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      lines.add(event.getFormattedMessage());
    }
  }

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    NeverBlockingAppender appender = new NeverBlockingAppender();
    appender.setContext(context);
    sink.setContext(context);
    sink.start();
    appender.addAppender(sink);
    appender.start();
    log.setLevel(Level.INFO);
    log.addAppender(appender);
  }

  @AfterEach
  void end() {
    sink.read.countDown();
    context.stop();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void lines_that_nobody_reads_are_dropped_and_counted() {
    int all = 5 * NeverBlockingAppender.LINES;
    for (int i = 0; i < all; i++) {
      log.info("line {}", i); // returns even if the sink blocks
    }
    sink.read.countDown();
    Awaitility.await().until(() -> sink.lines.size() >= NeverBlockingAppender.LINES);
    log.info("after");
    Awaitility.await().until(() -> sink.lines.contains("after"));
    int written = sink.lines.size() - 2;
    assertThat(sink.lines)
        .contains("line 0", "after")
        .contains((all - written) + " log lines were dropped: stderr was not read fast enough");
  }

  @Test
  void queued_lines_are_written_at_the_end() {
    sink.read.countDown();
    log.info("last words");
    context.stop();
    assertThat(sink.lines).containsExactly("last words");
  }
}
