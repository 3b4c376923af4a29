package dev.warren.wire.child;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of the children that ran consecutive calls, each number rounded down to a step.
 * Written as {@code 3*600/800/400,1*0/0/}: three calls in children older than 10 minutes that had
 * run 800 calls or more and had 400 MiB or more, one in a new child of unknown memory. Immutable.
 */
public final class ChildStates {
  /** Of calls of whose children nothing is known. */
  public static final ChildStates UNKNOWN = new ChildStates(List.of());

  /** Maximum number of runs that are told; a message with more tells nothing. */
  private static final int MAX_RUNS = 1000;

  private final List<Run> runs;

  private ChildStates(List<Run> runs) {
    this.runs = runs;
  }

  /** Calls that ran in children of the same state. */
  private record Run(int count, ChildState state) {}

  /** Receives consecutive calls that ran in children of the same state. */
  public interface Visitor {
    void calls(int count, ChildState state);
  }

  public boolean isUnknown() {
    return runs.isEmpty();
  }

  /** Gives the states, in the order of the calls; none if they are unknown. */
  public void forEach(Visitor visitor) {
    for (Run run : runs) {
      visitor.calls(run.count, run.state);
    }
  }

  /** The state for the call at this position. */
  public ChildState at(int position) {
    int before = 0;
    for (Run run : runs) {
      before += run.count;
      if (position < before) {
        return run.state;
      }
    }
    return ChildState.UNKNOWN;
  }

  /** The states for the calls at positions {@code from} to {@code to} (exclusive). */
  public ChildStates slice(int from, int to) {
    if (runs.isEmpty()) {
      return this;
    }
    if (runs.size() == 1) {
      return new ChildStates(List.of(new Run(to - from, runs.get(0).state)));
    }
    List<Run> kept = new ArrayList<>();
    int first = 0;
    for (Run run : runs) {
      int count = Math.min(to, first + run.count) - Math.max(from, first);
      if (count > 0) {
        kept.add(new Run(count, run.state));
      }
      first += run.count;
    }
    return new ChildStates(kept);
  }

  /**
   * Reads the text of {@link #toString}. Unknown if it is absent or wrong, because outcomes must
   * not be lost for it.
   *
   * @param calls number of the calls
   */
  public static ChildStates parse(@Nullable Object text, int calls) {
    if (!(text instanceof String known) || known.isEmpty()) {
      return UNKNOWN;
    }
    List<Run> runs = new ArrayList<>();
    long told = 0;
    try {
      for (String run : known.split(",", MAX_RUNS + 1)) {
        int times = run.indexOf('*');
        int count = Integer.parseInt(run, 0, times, 10);
        String[] numbers = run.substring(times + 1).split("/", -1);
        if (count < 1 || numbers.length < 3) {
          return UNKNOWN;
        }
        told += count;
        runs.add(
            new Run(
                count, new ChildState(number(numbers[0]), number(numbers[1]), number(numbers[2]))));
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return UNKNOWN;
    }
    return told == calls ? new ChildStates(runs) : UNKNOWN;
  }

  private static long number(String text) {
    return text.isEmpty() ? -1 : Math.max(-1, Long.parseLong(text));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Run run : runs) {
      text.append(text.isEmpty() ? "" : ",").append(run.count).append('*');
      append(text, run.state.ageSeconds()).append('/');
      append(text, run.state.callsBefore()).append('/');
      append(text, run.state.mebibytes());
    }
    return text.toString();
  }

  private static StringBuilder append(StringBuilder text, long number) {
    return number < 0 ? text : text.append(number);
  }

  /** Collects the states of calls. Not thread-safe. */
  public static final class Builder {
    private final List<Run> runs = new ArrayList<>();
    private ChildState last = ChildState.UNKNOWN;
    private int count;
    private boolean known;

    /** Adds calls that a child ran one after another; the state is that for the first. */
    public void add(int calls, ChildState first) {
      int left = calls;
      for (ChildState state = first; left > 0; ) {
        long before = state.callsBefore();
        int same = before < 0 ? left : (int) Math.min(left, Steps.next(before) - before);
        put(same, state.rounded());
        state = state.after(same);
        left -= same;
      }
    }

    private void put(int calls, ChildState state) {
      known |= !state.equals(ChildState.UNKNOWN);
      if (count > 0 && !state.equals(last)) {
        close();
      }
      last = state;
      count += calls;
    }

    private void close() {
      if (count > 0 && runs.size() <= MAX_RUNS) {
        runs.add(new Run(count, last));
      }
      count = 0;
    }

    public ChildStates build() {
      close();
      return known && runs.size() <= MAX_RUNS ? new ChildStates(List.copyOf(runs)) : UNKNOWN;
    }
  }
}
