package dev.warren.jobs.timeline;

import dev.warren.jobs.output.OutcomeFormat;
import dev.warren.json.Json;
import dev.warren.lifecycle.Printable;
import dev.warren.timeline.TimelineEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a job as JSON shows it. Immutable.
 *
 * @param line its line of input, cut
 * @param state see {@link CallState}
 * @param outcome its outcome as in the results of its job; null for none
 * @param timeline what happened, in order
 * @param note what could not be found out; null for nothing
 */
public record CallView(
    long index,
    String line,
    String state,
    @Nullable Object outcome,
    List<Event> timeline,
    @Nullable String note) {
  /** Maximum characters of a line of input. */
  public static final int LINE = 500;

  /**
   * Something that happened.
   *
   * @param at milliseconds since the epoch; 0 if unknown
   */
  public record Event(long at, String observer, String event, String text) {
    /** An event as JSON shows it. */
    public static Event of(TimelineEvent event) {
      return new Event(event.atMillis(), event.observer(), event.event(), event.text());
    }
  }

  /** The call with all evidence. */
  public static CallView of(CallStory story) {
    Object outcome =
        story.outcome() == null
            ? null
            : Json.raw(new OutcomeFormat(true).object(story.index(), story.outcome()));
    return new CallView(
        story.index(),
        Printable.cut(story.line().text(), LINE),
        story.state().text(),
        outcome,
        story.events().stream().map(Event::of).toList(),
        story.note());
  }
}
