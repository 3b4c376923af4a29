package dev.warren.worker.history;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.Printable;
import dev.warren.wire.CallRanges;
import dev.warren.wire.control.ExplainAnswer;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The history of a message, apart from the message.
 *
 * @param told positions of the calls that can be told about
 */
record Recorded(
    String message,
    String job,
    CallRanges calls,
    BitSet told,
    List<CallHistory.Event> events,
    int omitted) {

  /** Position of a call that can be told about; -1 for none. */
  int find(long number) {
    int index = calls.indexOf(number);
    return index >= 0 && told.get(index) ? index : -1;
  }

  /** The same, without events of calls that cannot be told about. */
  Recorded pruned() {
    List<CallHistory.Event> kept =
        events.stream()
            .filter(
                event -> {
                  int next = told.nextSetBit(event.from());
                  return next >= 0 && next < event.to();
                })
            .toList();
    return new Recorded(message, job, calls, told, kept, omitted);
  }

  /** Estimated bytes. */
  long bytes() {
    long text = BoundedMap.textBytes(message) + BoundedMap.textBytes(job);
    for (CallHistory.Event event : events) {
      String own = event.text();
      text += 48 + (own == null ? 0 : BoundedMap.textBytes(own));
    }
    return 200 + text + 16L * calls.ranges() + told.size() / 8;
  }

  /**
   * The events of a call in the order of their times.
   *
   * @param index its position; -1 for all calls of the message
   */
  ExplainAnswer.Task tell(int index, boolean held, Now now) {
    List<CallHistory.Event> own =
        events.stream()
            .filter(event -> event.isOf(index))
            .sorted(Comparator.comparingLong(CallHistory.Event::nanos))
            .toList();
    List<ExplainAnswer.Event> told =
        own.stream()
            .map(
                event ->
                    new ExplainAnswer.Event(
                        now.millisAt(event.nanos()),
                        event.kind().label(),
                        Printable.cut(text(event, index), ExplainAnswer.TEXT)))
            .toList();
    return new ExplainAnswer.Task(message, held, held && isRunning(own), omitted, told);
  }

  /** Whether a child was given the call, and nothing has happened since that ends it. */
  private static boolean isRunning(List<CallHistory.Event> events) {
    for (int i = events.size() - 1; i >= 0; i--) {
      switch (events.get(i).kind()) {
        case GIVEN, RUNNING -> {
          return true;
        }
        case SOFT_LIMIT, CANCELLED -> {} // it may go on
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  private String text(CallHistory.Event event, int index) {
    String own = event.text() == null ? "" : event.text();
    String text =
        switch (event.kind()) {
          case GIVEN -> "to child " + own + others(event, index);
          case OUTCOME_SENT -> "to its owner" + others(event, index);
          case CONFIRMED -> "by the broker";
          default -> own;
        };
    boolean some = index < 0 && event.to() - event.from() < calls.count();
    return some ? "[" + numbers(event) + "] " + text : text;
  }

  private static String others(CallHistory.Event event, int index) {
    int others = event.to() - event.from() - 1;
    return index < 0 || others == 0
        ? ""
        : ", with " + others + (others == 1 ? " other" : " others");
  }

  private String numbers(CallHistory.Event event) {
    long first = calls.get(event.from());
    long last = calls.get(event.to() - 1);
    return first == last ? "call " + first : "calls " + first + " to " + last;
  }
}
