package dev.warren.jobs.timeline;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.StoredJob;
import dev.warren.task.Payload;
import dev.warren.timeline.CallQuestion;
import dev.warren.timeline.CallTimeline;
import dev.warren.timeline.TimelineEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of a job and what happened to it. Immutable.
 *
 * @param index index of its line
 * @param line its line of input
 * @param outcome its outcome line in the last round; null for none
 * @param events what happened, in order
 * @param question what to ask workers about it
 * @param note what could not be found out; null for nothing
 */
public record CallStory(
    long index,
    Payload line,
    CallState state,
    @Nullable Payload outcome,
    List<TimelineEvent> events,
    CallQuestion question,
    @Nullable String note) {
  private static final String FORGOTTEN =
      "No worker remembers the call. Workers remember calls that are unfinished, have failed or were"
          + " unusually slow, for as long as there is room.";

  public CallStory {
    events = List.copyOf(events);
  }

  /**
   * Reads what the journal says of a call. Needs no coordinator and no worker.
   *
   * @return empty if the job has no such call
   */
  public static Optional<CallStory> read(StoredJob job, long index) {
    JobRecord record = job.record();
    if (index < 0 || index >= record.calls()) {
      return Optional.empty();
    }
    CallJournal journal = new CallJournal(record, index);
    job.history(index, index, journal::add);
    CallState state = CallState.of(record.state(), journal.outcome(), journal.isPublished());
    List<Long> numbers = new ArrayList<>();
    for (int round = 0; round <= record.round(); round++) {
      numbers.add(CallNumber.of(round, index));
    }
    return Optional.of(
        new CallStory(
            index,
            job.input(index, 1).get(0),
            state,
            journal.outcome(),
            journal.events(),
            CallQuestion.ofJob(record.id(), numbers),
            null));
  }

  /** Adds what workers and the dead-letter queue tell. */
  public CallStory with(CallTimeline seen) {
    List<String> notes = new ArrayList<>(seen.notes());
    boolean byWorkers = seen.events().stream().anyMatch(e -> e.observer().startsWith("worker "));
    if (!byWorkers && state != CallState.UNREAD && seen.answered() > 0) {
      notes.add(FORGOTTEN);
    }
    if (seen.omitted() > 0) {
      notes.add("Workers have left out " + seen.omitted() + " events of the call's messages.");
    }
    return new CallStory(
        index,
        line,
        state == CallState.QUEUED && seen.running() ? CallState.RUNNING : state,
        outcome,
        merged(events, seen.events()),
        question,
        notes.isEmpty() ? null : String.join(" ", notes));
  }

  /** Adds a note. */
  public CallStory with(String added) {
    String all = note == null ? added : note + " " + added;
    return new CallStory(index, line, state, outcome, events, question, all);
  }

  /**
   * An event and its place in the order: none comes before the one that precedes it in its list.
   */
  private record Placed(TimelineEvent event, long atMillis) {}

  private static List<TimelineEvent> merged(List<TimelineEvent> first, List<TimelineEvent> second) {
    List<Placed> placed = new ArrayList<>();
    for (List<TimelineEvent> events : List.of(first, second)) {
      long at = 0;
      for (TimelineEvent event : events) {
        at = Math.max(at, event.atMillis());
        placed.add(new Placed(event, at));
      }
    }
    return placed.stream()
        .sorted(Comparator.comparingLong(Placed::atMillis))
        .map(Placed::event)
        .toList();
  }
}
