package dev.warren.timeline;

import java.util.List;

/**
 * What was found out about a call. Immutable.
 *
 * @param events in the order of their times
 * @param asked number of workers that consume the pool's tasks
 * @param answered number of workers that answered, also those that know nothing
 * @param held whether a worker holds the call now
 * @param running whether it is running there, as far as is known
 * @param omitted number of events that workers have forgotten
 * @param notes what could not be found out, in sentences
 */
public record CallTimeline(
    List<TimelineEvent> events,
    int asked,
    int answered,
    boolean held,
    boolean running,
    int omitted,
    List<String> notes) {
  public CallTimeline {
    events = List.copyOf(events);
    notes = List.copyOf(notes);
  }
}
