package dev.warren.worker.child.call;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a call threw. An exception that overrides no method is read on the calling thread. An
 * exception whose methods are user code is read on a separate thread, because they may never
 * return; that thread is abandoned after {@code within}, and the child should then be recycled
 * ({@link #leftThread}). Confined to the thread that runs calls.
 */
public final class ExceptionReader {
  /** Default maximum time for all of an exception's own methods together. */
  public static final Duration WITHIN = Duration.ofSeconds(5);

  private static final UserFrames USER_FRAMES = new UserFrames();

  private final Duration within;
  private boolean leftThread;

  public ExceptionReader(Duration within) {
    this.within = within;
  }

  /**
   * The content of an exception.
   *
   * @param types its class and superclasses up to Throwable
   * @param text its toString
   * @param stack its stack trace with causes, from the user's function up
   * @param causes its cause, the cause of that, and so on
   * @param suppressed the exceptions that it has suppressed
   */
  record Report(
      List<String> types,
      @Nullable String message,
      String text,
      String stack,
      List<RemoteFailure.Thrown> causes,
      List<RemoteFailure.Thrown> suppressed) {
    static Report of(Throwable thrown) {
      return new Report(
          ExceptionText.types(thrown),
          ExceptionText.message(thrown),
          ExceptionText.text(thrown),
          ExceptionText.stack(thrown, USER_FRAMES),
          ExceptionText.causes(thrown, USER_FRAMES),
          ExceptionText.suppressed(thrown, USER_FRAMES));
    }

    /** What is known without calling any of its methods. */
    static Report bare(Throwable thrown, String why) {
      String name = thrown.getClass().getName();
      return new Report(
          ExceptionText.types(thrown),
          "(" + why + ")",
          name,
          name + " (" + why + ")\n",
          List.of(),
          List.of());
    }
  }

  /** Reads the exception; never throws, and returns within the limit. */
  Report read(Throwable thrown) {
    try {
      return ExceptionText.isPlain(thrown) ? Report.of(thrown) : readApart(thrown);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Report.bare(thrown, "the child was interrupted while it was read");
    } catch (RuntimeException | Error e) {
      return Report.bare(thrown, "it could not be read: " + e.getClass().getName());
    }
  }

  private Report readApart(Throwable thrown) throws InterruptedException {
    Reading reading = new Reading(thrown);
    NamedThreads.start("child-exception", reading);
    if (!reading.done.await(within.toNanos(), TimeUnit.NANOSECONDS)) {
      leftThread = true;
      return Report.bare(
          thrown, "its own methods did not return within " + within.toSeconds() + " s");
    }
    Report report = reading.report;
    return report == null ? Report.bare(thrown, "it could not be read") : report;
  }

  /** Whether a thread was abandoned inside an exception's method. */
  boolean leftThread() {
    return leftThread;
  }

  // classes, not lambdas: the first lambda of a process costs about 20 ms

  private static final class Reading implements Runnable {
    private final Throwable thrown;
    private final CountDownLatch done = new CountDownLatch(1);
    // written before the latch is released
    private @Nullable Report report;

    Reading(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public void run() {
      try {
        report = Report.of(thrown);
      } finally {
        done.countDown();
      }
    }
  }

  /** Selects the frames above the child's own: from the user's function up. */
  private static final class UserFrames implements UnaryOperator<StackTraceElement[]> {
    @Override
    public StackTraceElement[] apply(StackTraceElement[] trace) {
      return StackText.aboveCaller(trace);
    }
  }
}
