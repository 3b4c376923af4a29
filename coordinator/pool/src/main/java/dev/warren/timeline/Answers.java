package dev.warren.timeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.Delivery;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.ExplainAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** The workers' answers to one question. Thread-safe. */
final class Answers {
  private static final Logger log = Logs.of(Answers.class);

  /** Maximum number of answers; further ones are ignored. */
  private static final int MAX_ANSWERS = 5000;

  private final TimeSource time;
  private final long askedMillis;

  @GuardedBy("this")
  private final Map<String, Answer> byWorker = new HashMap<>();

  @GuardedBy("this")
  private int expected = Integer.MAX_VALUE;

  Answers(TimeSource time) {
    this.time = time;
    this.askedMillis = time.epochMillis();
  }

  /**
   * An answer.
   *
   * @param shiftMillis to be added to its times, so that they fit this host's clock
   */
  private record Answer(ExplainAnswer answer, long shiftMillis) {}

  /** Receives an answer, on a thread of the broker. */
  void heard(Delivery delivery) {
    try {
      ExplainAnswer answer = ExplainAnswer.of(delivery.message());
      long now = time.epochMillis();
      add(new Answer(answer, shift(answer.sentAtMillis(), askedMillis, now)));
    } catch (WireFormatException e) {
      log.debug("not an answer about a call: {}", e.getMessage());
    } finally {
      delivery.ack();
    }
  }

  /**
   * The smallest correction with which a worker has answered after it was asked, and before its
   * answer arrived.
   */
  static long shift(long sentMillis, long askedMillis, long receivedMillis) {
    if (sentMillis < askedMillis) {
      return askedMillis - sentMillis;
    }
    return Math.min(0, receivedMillis - sentMillis);
  }

  private synchronized void add(Answer answer) {
    if (byWorker.size() < MAX_ANSWERS) {
      byWorker.put(answer.answer.supervisor(), answer);
      notifyAll();
    }
  }

  /** As many answers as workers are expected. */
  synchronized void expect(int workers) {
    expected = workers;
    notifyAll();
  }

  /** Waits for the expected answers, at most this long. */
  synchronized void await(long nanos) throws InterruptedException {
    long start = time.nanos();
    for (long left = nanos;
        left > 0 && byWorker.size() < expected;
        left = nanos - (time.nanos() - start)) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Number of workers that answered. */
  synchronized int count() {
    return byWorker.size();
  }

  /** Adds all events. */
  synchronized void addTo(List<TimelineEvent> events) {
    byWorker.values().forEach(answer -> addTo(events, answer));
  }

  private static void addTo(List<TimelineEvent> events, Answer from) {
    ExplainAnswer answer = from.answer;
    String observer = "worker " + answer.host() + "/" + answer.supervisor();
    for (ExplainAnswer.Task task : answer.tasks()) {
      for (ExplainAnswer.Event event : task.events()) {
        events.add(
            new TimelineEvent(
                event.atMillis() + from.shiftMillis, observer, event.event(), event.text()));
      }
    }
  }

  /** The tasks of all answers. */
  synchronized List<ExplainAnswer.Task> tasks() {
    List<ExplainAnswer.Task> tasks = new ArrayList<>();
    byWorker.values().forEach(answer -> tasks.addAll(answer.answer.tasks()));
    return tasks;
  }
}
