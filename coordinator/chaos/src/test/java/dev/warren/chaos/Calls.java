package dev.warren.chaos;

import static org.awaitility.Awaitility.await;

import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import dev.warren.pool.TaskFailedException;
import dev.warren.task.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records all calls of a scenario and, from their callbacks, how each ended. Thread-safe. */
final class Calls {
  private final Path folder;
  private final AtomicInteger submitted = new AtomicInteger();
  // guarded by this, as are all fields below; by number of the call
  private final Map<Integer, List<String>> ends = new HashMap<>();
  private final Map<Integer, TaskFailedException> failures = new HashMap<>();
  private final Map<FailureKind, Integer> kinds = new TreeMap<>();
  private int succeeded;
  private long lastEnd;

  Calls(Path folder) {
    this.folder = folder;
  }

  /** Submits one call; its value must be its number. */
  AsyncResult<Integer> submit(Pool pool, Work.Deed deed) {
    return submit(pool, deed, false);
  }

  /** Submits one call that carries out its action each time it runs. */
  AsyncResult<Integer> submitAlways(Pool pool, Work.Deed deed) {
    return submit(pool, deed, true);
  }

  /** Submits this number of calls. */
  List<AsyncResult<Integer>> submit(Pool pool, Work.Deed deed, int count) {
    List<AsyncResult<Integer>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(submit(pool, deed));
    }
    return results;
  }

  private AsyncResult<Integer> submit(Pool pool, Work.Deed deed, boolean always) {
    Work.Ticket ticket = ticket(deed, always);
    int number = ticket.number();
    return pool.applyAsync(
        Work::run, ticket, value -> ended(number, value), error -> ended(number, error));
  }

  /**
   * Returns a ticket for the next call, for a caller that submits it in another way and reports its
   * end.
   */
  Work.Ticket ticket(Work.Deed deed, boolean always) {
    return new Work.Ticket(folder.toString(), submitted.getAndIncrement(), deed, always);
  }

  /** Records that a call has ended with a value. */
  synchronized void ended(int number, @Nullable Integer value) {
    boolean right = value != null && value == number;
    note(number, right ? "value" : "the wrong value " + value);
    succeeded++;
  }

  /** Records that a call has ended with a failure. */
  synchronized void ended(int number, Throwable error) {
    note(number, String.valueOf(error));
    if (error instanceof TaskFailedException failed) {
      failures.put(number, failed);
      kinds.merge(failed.kind(), 1, Integer::sum);
    } else if (error instanceof CancellationException) {
      kinds.merge(FailureKind.CANCELLED, 1, Integer::sum);
    } else {
      note(number, "and that is no end of a call");
    }
  }

  private void note(int number, String end) {
    ends.computeIfAbsent(number, n -> new ArrayList<>(1)).add(end);
    lastEnd = System.nanoTime();
  }

  int submitted() {
    return submitted.get();
  }

  synchronized int ended() {
    return ends.size();
  }

  synchronized int succeeded() {
    return succeeded;
  }

  /** Number of calls that ended without a value, by kind of failure. */
  synchronized Map<FailureKind, Integer> kinds() {
    return new TreeMap<>(kinds);
  }

  /** All failures, by number of the call. */
  synchronized Map<Integer, TaskFailedException> failures() {
    return Map.copyOf(failures);
  }

  /** The failure of a scenario that has exactly one. */
  synchronized TaskFailedException failure() {
    if (failures.size() != 1) {
      throw new AssertionError("there is not one failure: " + failures);
    }
    return failures.values().iterator().next();
  }

  /** By {@link System#nanoTime()}. */
  synchronized long lastEnd() {
    return lastEnd;
  }

  void awaitEnded(int count, Duration limit) {
    await("calls ended: " + count)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(20))
        .atMost(limit)
        .until(() -> ended() >= count);
  }

  /** Returns violations in the calls' ends, one line each. */
  synchronized List<String> imbalance() {
    List<String> wrong = new ArrayList<>();
    int without = kinds.values().stream().mapToInt(n -> n).sum();
    if (submitted() != succeeded + without || ends.size() != submitted()) {
      wrong.add(
          "%d calls submitted, but %d succeeded, %d ended otherwise %s, %d have ended"
              .formatted(submitted(), succeeded, without, kinds, ends.size()));
    }
    ends.forEach(
        (number, how) -> {
          if (how.size() != 1) {
            wrong.add("call " + number + " ended " + how.size() + " times: " + how);
          } else if (how.get(0).startsWith("the wrong value")) {
            wrong.add("call " + number + " has " + how.get(0));
          }
        });
    return wrong;
  }

  /** How often each call was started, by its number; calls that were never started are missing. */
  Map<Integer, Integer> starts() {
    Map<Integer, Integer> starts = new TreeMap<>();
    try (var files = Files.newDirectoryStream(folder, "began-*")) {
      for (Path file : files) {
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(file));
        while (numbers.remaining() >= Integer.BYTES) {
          starts.merge(numbers.getInt(), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return starts;
  }

  /** Number of calls that were started more than once. */
  long repeated() {
    return starts().values().stream().filter(n -> n > 1).count();
  }

  @Override
  public synchronized String toString() {
    return "%d submitted, %d succeeded, otherwise %s".formatted(submitted(), succeeded, kinds);
  }
}
