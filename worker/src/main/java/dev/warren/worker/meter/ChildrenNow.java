package dev.warren.worker.meter;

import java.util.List;

/**
 * The children of a worker at one moment. Immutable.
 *
 * @param busy number of children that hold calls
 * @param ready number of children that are idle and will run calls
 * @param pids process ids; none of children that are threads
 * @param backlogMicros time that the slots need for the waiting calls
 */
public record ChildrenNow(int busy, int ready, int slots, List<Long> pids, long backlogMicros) {
  static final ChildrenNow NONE = new ChildrenNow(0, 0, 0, List.of(), 0);

  int in(SlotState state) {
    int idle = Math.max(0, Math.min(ready, slots - busy));
    return switch (state) {
      case BUSY -> busy;
      case IDLE -> idle;
      case STARTING -> Math.max(0, slots - busy - idle);
    };
  }
}
