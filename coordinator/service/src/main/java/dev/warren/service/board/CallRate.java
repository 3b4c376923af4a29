package dev.warren.service.board;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Calls per second of all workers, over about the last ten seconds. Thread-safe. */
final class CallRate {
  private static final long SPAN = Duration.ofSeconds(10).toNanos();
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  private final TimeSource time;

  @GuardedBy("this")
  private final Deque<Mark> marks = new ArrayDeque<>();

  private record Mark(long nanos, long ended) {}

  CallRate(TimeSource time) {
    this.time = time;
  }

  /** Adds an observation: the number of calls that have ended since a fixed time in the past. */
  synchronized void observe(long ended) {
    long now = time.nanos();
    if (marks.isEmpty() || now - marks.getLast().nanos >= EVERY) {
      marks.add(new Mark(now, ended));
    }
    while (marks.size() > 2 && now - marks.getFirst().nanos > SPAN + EVERY) {
      marks.remove();
    }
  }

  /** 0 if nothing is known. */
  synchronized double perSecond() {
    if (marks.size() < 2) {
      return 0;
    }
    double seconds = (marks.getLast().nanos - marks.getFirst().nanos) / 1e9;
    return (marks.getLast().ended - marks.getFirst().ended) / seconds;
  }
}
