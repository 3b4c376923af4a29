package dev.warren.service.workers;

import dev.warren.wire.control.Heartbeat;

/**
 * A worker as its last heartbeat described it. Immutable.
 *
 * @param id unique per start of the worker
 * @param host its host's name
 * @param pid its process id
 * @param slots number of calls it can run at once; 0 while it drains
 * @param busy number of slots that are running a call
 * @param tasks number of messages that it holds
 * @param recycled number of children it has recycled
 * @param ageMillis how long ago the heartbeat arrived
 */
public record WorkerView(
    String id,
    String host,
    long pid,
    int slots,
    int busy,
    int tasks,
    long recycled,
    long ageMillis) {

  static WorkerView of(Heartbeat beat, long ageMillis) {
    return new WorkerView(
        beat.supervisor(),
        beat.host(),
        beat.pid(),
        beat.slots(),
        beat.busy(),
        beat.held().size(),
        beat.recycled(),
        ageMillis);
  }
}
