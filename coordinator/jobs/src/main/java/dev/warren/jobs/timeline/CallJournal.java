package dev.warren.jobs.timeline;

import dev.warren.jobs.run.MessageSizes;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.Segment;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Printable;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.timeline.TimelineEvent;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.SecretIds;
import dev.warren.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what the segments of a job say about one call. Confined to one thread. */
final class CallJournal {
  private static final String OBSERVER = "coordinator";
  private static final int LONGEST_TEXT = 300;

  private final JobRecord record;
  private final long index;
  private final SecretIds ids;
  private final List<TimelineEvent> events = new ArrayList<>();
  private boolean published;
  private @Nullable Payload outcome;

  CallJournal(JobRecord record, long index) {
    this.record = record;
    this.index = index;
    String secret = record.secret();
    this.ids =
        SecretIds.of(
            Long.parseUnsignedLong(secret.substring(0, 16), 16),
            Long.parseUnsignedLong(secret.substring(16), 16));
    tell(
        record.created().toEpochMilli(), "accepted", "with the job's " + record.calls() + " calls");
  }

  void add(Segment segment, long atMillis) {
    int[] before = {0};
    segment
        .calls()
        .forEachRange(
            (first, last) -> {
              if (CallNumber.index(first) <= index && index <= CallNumber.index(last)) {
                int round = CallNumber.round(first);
                int position = before[0] + (int) (index - CallNumber.index(first));
                add(segment, atMillis, round, position);
              }
              before[0] += (int) (last - first + 1);
            });
  }

  private void add(Segment segment, long atMillis, int round, int position) {
    switch (segment.kind()) {
      case PUBLISHED -> {
        published = true;
        long number = CallNumber.of(round, index);
        MessageSizes.forEach(
            segment.calls(),
            segment.body(),
            (first, count) -> {
              if (first <= number && number < first + count) {
                tell(atMillis, "published", "in message " + ids.of(first) + others(count));
              }
            });
      }
      case OUTCOMES -> {
        // a copy, so that the line does not retain its segment
        Payload line = Lines.split(segment.body(), segment.calls().count()).get(position);
        outcome = Payload.of(line.toBytes());
        tell(behind(atMillis), "outcome_stored", text(outcome));
      }
      case RESET -> {
        published = false;
        outcome = null;
        tell(atMillis, "reset", "to run again, retry " + round + " of the job");
      }
    }
  }

  /**
   * The time of a transaction that stored what workers had done: one that did it in the same
   * millisecond comes first.
   */
  private static long behind(long atMillis) {
    return atMillis == 0 ? 0 : atMillis + 1;
  }

  private static String others(int count) {
    return count == 1 ? "" : ", with " + (count - 1) + (count == 2 ? " other" : " others");
  }

  private static String text(Payload outcome) {
    if (OutcomeLine.isValue(outcome)) {
      return "a value of " + Math.max(0, outcome.length() - "{\"value\":}".length()) + " bytes";
    }
    try {
      RemoteFailure failure = OutcomeLine.failure(outcome);
      String kind = failure.kind() == FailureKind.FAILED ? failure.type() : failure.kind().wire();
      return failure.message() == null ? kind : kind + ": " + failure.message();
    } catch (WireFormatException e) {
      return "not an outcome";
    }
  }

  private void tell(long atMillis, String event, String text) {
    events.add(new TimelineEvent(atMillis, OBSERVER, event, Printable.cut(text, LONGEST_TEXT)));
  }

  /** Whether the call was published since it was last to run. */
  boolean isPublished() {
    return published;
  }

  /** Its outcome line; null for none. */
  @Nullable Payload outcome() {
    return outcome;
  }

  /** What happened so far, and the end of the job. */
  List<TimelineEvent> events() {
    List<TimelineEvent> all = new ArrayList<>(events);
    if (record.ended() != null) {
      String text = "as " + record.state().text();
      all.add(
          new TimelineEvent(behind(record.ended().toEpochMilli()), OBSERVER, "job_ended", text));
    }
    return all;
  }
}
