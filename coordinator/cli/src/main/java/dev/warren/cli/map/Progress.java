package dev.warren.cli.map;

import dev.warren.cli.kit.Console;
import dev.warren.cli.kit.Streams;
import dev.warren.lifecycle.TimeSource;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows a run's progress on stderr: a bar on a terminal, otherwise a line every few seconds, or
 * nothing.
 */
public interface Progress extends AutoCloseable {
  Duration PLAIN_INTERVAL = Duration.ofSeconds(5);

  /**
   * Called often; updates the display if that is due.
   *
   * @param ended number of calls that have ended
   * @param total estimated or exact total; 0 if unknown
   * @param exact whether {@code total} is exact
   */
  void show(long ended, long total, boolean exact);

  /** Number of calls that have failed so far; shown with the next {@link #show}. */
  default void failed(long calls) {}

  @Override
  void close();

  /** Starts a display; call it before {@link dev.warren.cli.kit.Signals#on}. */
  static Progress start(boolean quiet, String unit) {
    if (quiet) {
      return new Silent();
    }
    return Streams.isErrTerminal()
        ? new Bar(Console.steeringErr(), unit)
        : new Plain(System.err, unit, TimeSource.SYSTEM);
  }

  final class Silent implements Progress {
    @Override
    public void show(long ended, long total, boolean exact) {}

    @Override
    public void close() {}
  }

  /** Prints lines with rate, failures and remaining time; a short run prints none. */
  final class Plain implements Progress {
    private final PrintStream err;
    private final String unit;
    private final TimeSource time;
    private final long start;
    private long next;
    private long failed;

    Plain(PrintStream err, String unit, TimeSource time) {
      this.err = err;
      this.unit = unit;
      this.time = time;
      this.start = time.nanos();
      this.next = start + PLAIN_INTERVAL.toNanos();
    }

    @Override
    public synchronized void failed(long calls) {
      failed = calls;
    }

    @Override
    public synchronized void show(long ended, long total, boolean exact) {
      if (time.nanos() - next < 0) {
        return;
      }
      next = time.nanos() + PLAIN_INTERVAL.toNanos();
      String of = total == 0 ? "" : exact ? " of " + total : " of about " + total;
      double perNano = (double) ended / (time.nanos() - start);
      String rate = String.format(Locale.ROOT, "%.1f/s", perNano * 1e9);
      String left =
          total <= ended || ended == 0
              ? ""
              : ", about " + Times.text(Math.round((total - ended) / perNano / 1e3)) + " left";
      err.println(
          "warren: "
              + ended
              + of
              + " "
              + unit
              + " done, "
              + (failed == 0 ? "" : failed + " failed, ")
              + rate
              + left);
    }

    @Override
    public void close() {}
  }

  /** A progress bar. */
  final class Bar implements Progress {
    private final ProgressBar bar;

    Bar(PrintStream err, String unit) {
      ConsoleProgressBarConsumer consumer = new ConsoleProgressBarConsumer(err);
      // Opens the terminal now and not with the first display: JLine, which opens it, sets the
      // default effect of signals, so the caller can install its handlers only afterwards.
      consumer.getMaxRenderedLength();
      bar =
          new ProgressBarBuilder()
              .setTaskName(unit)
              .setInitialMax(-1)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(200)
              .setConsumer(consumer)
              .showSpeed()
              .clearDisplayOnFinish()
              .build();
    }

    @Override
    public void failed(long calls) {
      if (calls > 0) {
        bar.setExtraMessage(" " + calls + " failed");
      }
    }

    @Override
    public void show(long ended, long total, boolean exact) {
      bar.maxHint(total == 0 ? -1 : Math.max(total, ended));
      bar.stepTo(ended);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
