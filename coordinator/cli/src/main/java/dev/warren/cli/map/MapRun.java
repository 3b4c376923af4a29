package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Signals;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.pool.JsonOutcomes;
import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code map}: writes the outcomes from the pool to the output, until all calls of the
 * input have ended, or a signal or an unwritable output ends the run. The main thread writes, a
 * timer flushes, signals arrive on threads of the JVM.
 */
final class MapRun {
  private static final long FLUSH_MILLIS = 100;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Pool pool;
  private final CallSource source;
  private final OutcomeWriter writer;
  private final InOut files;
  private final boolean quiet;
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicReference<@Nullable IOException> unwritable = new AtomicReference<>();
  private long taken;
  private long failed;
  private String firstFailure = "";
  private @Nullable String unavailable;

  MapRun(Pool pool, CallSource source, OutcomeWriter writer, InOut files, boolean quiet) {
    this.pool = pool;
    this.source = source;
    this.writer = writer;
    this.files = files;
    this.quiet = quiet;
  }

  /** Runs to the end; returns the exit code. */
  int run(FunctionRef function, boolean ordered, int chunk) {
    ScheduledExecutorService timer = NamedThreads.timer("map-timer");
    try (JsonOutcomes outcomes = pool.json(function.toString(), source, ordered, chunk);
        Progress progress = Progress.start(quiet, "calls")) {
      Signals.on(() -> interrupt(outcomes), "INT", "TERM", "HUP");
      ScheduledFuture<?> ticks =
          timer.scheduleWithFixedDelay(
              () -> tick(outcomes, progress), FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
      takeAll(outcomes);
      ticks.cancel(false);
      show(outcomes, progress);
    } finally {
      timer.shutdownNow();
    }
    return end();
  }

  private void takeAll(JsonOutcomes outcomes) {
    try {
      while (unwritable.get() == null && outcomes.hasNext()) {
        JsonOutcomes.Item item = outcomes.next();
        if (endedEarly(item)) {
          break;
        }
        writer.write(item);
        taken++;
        RemoteFailure failure = item.failure();
        if (failure != null) {
          note(item.index(), failure);
        }
      }
    } catch (IOException e) {
      unwritable.compareAndSet(null, e);
    } catch (RuntimeException e) {
      if (signals.get() == 0 && unwritable.get() == null) {
        throw e;
      }
      // closing the outcomes ourselves wakes a waiting thread with this exception
    }
  }

  /** Whether the pool has ended early, so that this and all later failures are not written. */
  private boolean endedEarly(JsonOutcomes.Item item) {
    RemoteFailure failure = item.failure();
    if (failure == null) {
      return false;
    }
    if (failure.kind() == FailureKind.BROKER_UNAVAILABLE) {
      unavailable = failure.message();
    }
    return unavailable != null // or the JVM is shutting down and has terminated the pool
        || failure.kind() == FailureKind.POOL_TERMINATED;
  }

  private void note(long index, RemoteFailure failure) {
    if (failed++ == 0) {
      String message = String.valueOf(failure.message()).lines().findFirst().orElse("");
      firstFailure = "index " + index + ": " + failure.type() + ": " + message;
    }
  }

  private int end() {
    try {
      writer.close();
    } catch (IOException e) {
      unwritable.compareAndSet(null, e);
    }
    IOException output = unwritable.get();
    boolean interrupted = signals.get() > 0;
    if (output != null || interrupted || unavailable != null) {
      pool.terminate();
      pool.join(STOP_LIMIT);
    }
    if (output != null) {
      return unwritable(output);
    }
    if (interrupted) {
      return ExitCode.INTERRUPTED;
    }
    if (unavailable != null) {
      throw new CommandFailure(
          ExitCode.BROKER,
          unavailable + "; " + taken + " calls had ended and are in " + files.outputName());
    }
    CommandFailure input = source.failure();
    if (input != null) {
      throw input;
    }
    if (failed > 0) {
      throw new CommandFailure(
          ExitCode.CALLS_FAILED, failed + " of " + taken + " calls failed; " + firstFailure);
    }
    return ExitCode.DONE;
  }

  private int unwritable(IOException e) {
    String reason = InOut.reason(e);
    if (reason.contains("Broken pipe")) {
      return ExitCode.BROKEN_PIPE; // the reader has closed the pipe, for example head: not an error
    }
    throw new CommandFailure(
        ExitCode.USAGE, "cannot write " + files.outputName() + ": " + reason, e);
  }

  /** Called on the timer's thread. */
  private void tick(JsonOutcomes outcomes, Progress progress) {
    try {
      writer.flush();
    } catch (IOException e) {
      unwritable.compareAndSet(null, e);
      outcomes.close(); // wakes the main thread
    }
    show(outcomes, progress);
  }

  private void show(JsonOutcomes outcomes, Progress progress) {
    long read = outcomes.read();
    long total = read;
    if (!outcomes.inputEnded()) {
      long bytes = files.lines().bytes();
      total = bytes == 0 ? 0 : (long) (read * ((double) files.inputBytes() / bytes));
    }
    progress.show(outcomes.ended(), Math.max(total, 0), outcomes.inputEnded());
  }

  /** Called on a thread of the JVM. */
  private void interrupt(JsonOutcomes outcomes) {
    if (signals.incrementAndGet() > 1) {
      Runtime.getRuntime()
          .halt(ExitCode.INTERRUPTED); // second signal: exit at once; the children die too
    }
    outcomes.close();
  }
}
