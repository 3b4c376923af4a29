package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Signals;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.JsonOutcomes;
import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import java.io.IOException;
import java.io.PrintStream;
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
  private final CallsInFlight inFlight;
  private final PoolNotes notes;
  private final PrintStream err;
  private final boolean quiet;
  private final RunSummary summary = new RunSummary(TimeSource.SYSTEM);
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicReference<@Nullable IOException> unwritable = new AtomicReference<>();
  // volatile: read by the timer
  private volatile long failed;
  private String firstFailure = "";
  private @Nullable String unavailable;

  MapRun(Parts parts, PrintStream err, boolean quiet) {
    this.pool = parts.pool;
    this.source = parts.source;
    this.inFlight = parts.inFlight;
    this.writer = parts.writer;
    this.files = parts.files;
    this.notes = parts.notes;
    this.err = err;
    this.quiet = quiet;
  }

  /** What a run works with. */
  record Parts(
      Pool pool,
      CallSource source,
      CallsInFlight inFlight,
      OutcomeWriter writer,
      InOut files,
      PoolNotes notes) {}

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
        take(item);
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

  private void take(JsonOutcomes.Item item) throws IOException {
    CallsInFlight.Call call = inFlight.remove(item.index());
    RemoteFailure failure = item.failure();
    if (failure != null && failure.kind() == FailureKind.CANCELLED && files.log() != null) {
      return; // by --fail-fast: left for --resume
    }
    String where = failure == null || failure.where() == null ? "" : failure.where().host();
    String host = notes.host(item.worker());
    writer.write(call, item, host.isEmpty() || where.isEmpty() ? host : where);
    if (failure == null) {
      summary.succeeded(item.micros());
    } else {
      summary.failed(failure.kind(), item.micros());
      note(call.index(), failure);
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
    failed = summary.failed();
    if (firstFailure.isEmpty()) {
      firstFailure = firstFailure(index, failure);
    }
  }

  /** One line about the first failed call. */
  static String firstFailure(long index, RemoteFailure failure) {
    String message = String.valueOf(failure.message()).lines().findFirst().orElse("");
    return "index " + index + ": " + failure.type() + ": " + message;
  }

  private int end() {
    try {
      writer.close();
    } catch (IOException e) {
      unwritable.compareAndSet(null, e);
    }
    IOException output = unwritable.get();
    boolean interrupted = signals.get() > 0;
    boolean refused = source.failure() != null && summary.ended() == 0;
    if (!quiet && !refused && (output == null || !isBrokenPipe(output))) {
      boolean early = interrupted || unavailable != null || output != null;
      err.println("warren: " + summary.line(early, files.finished().count(), notes.counts()));
    }
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
          unavailable
              + "; "
              + summary.ended()
              + " calls had ended and are in "
              + files.outputName());
    }
    CommandFailure input = source.failure();
    if (input != null) {
      throw input;
    }
    if (failed > 0) {
      throw new CommandFailure(
          ExitCode.CALLS_FAILED,
          failed + " of " + summary.ended() + " calls failed; " + firstFailure);
    }
    return ExitCode.DONE;
  }

  private int unwritable(IOException e) {
    return unwritable(e, files);
  }

  /** Returns the exit code of a run whose output has lost its reader; fails for other reasons. */
  static int unwritable(IOException e, InOut files) {
    String reason = InOut.reason(e);
    if (isBrokenPipe(e)) {
      return ExitCode.BROKEN_PIPE; // the reader has closed the pipe, for example head: not an error
    }
    throw new CommandFailure(
        ExitCode.USAGE, "cannot write " + files.outputName() + ": " + reason, e);
  }

  private static boolean isBrokenPipe(IOException e) {
    return InOut.reason(e).contains("Broken pipe");
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
    progress.failed(failed);
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
