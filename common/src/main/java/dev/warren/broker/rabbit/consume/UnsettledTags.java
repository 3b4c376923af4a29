package dev.warren.broker.rabbit.consume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The unsettled deliveries of one channel, and the settlements not yet written. An acknowledgement
 * covers all tags up to its own only if none of them is unsettled; otherwise tags are acknowledged
 * one by one. Confined to the thread that owns the channel.
 */
final class UnsettledTags {
  private final TreeSet<Long> unsettled = new TreeSet<>();
  private final List<Long> toAck = new ArrayList<>();
  private final List<Long> toRequeue = new ArrayList<>();
  private long last;

  void delivered(long tag) {
    unsettled.add(tag);
    last = tag;
  }

  /** Records the settlement of a tag; ignored if the tag is already settled. */
  void settle(long tag, boolean requeue) {
    if (unsettled.remove(tag)) {
      (requeue ? toRequeue : toAck).add(tag);
    }
  }

  int unsettled() {
    return unsettled.size();
  }

  /** Number of deliveries that the broker regards as unsettled. */
  int unwritten() {
    return unsettled.size() + toAck.size() + toRequeue.size();
  }

  boolean isEmpty() {
    return unsettled.isEmpty() && !hasWork();
  }

  boolean hasWork() {
    return !toAck.isEmpty() || !toRequeue.isEmpty();
  }

  /** Writes the recorded settlements. */
  void write(Acks acks) throws IOException {
    for (long tag : toRequeue) {
      acks.requeue(tag);
    }
    toRequeue.clear();
    long allSettled = unsettled.isEmpty() ? last : unsettled.first() - 1;
    long covered = 0;
    int count = 0;
    for (long tag : toAck) {
      if (tag <= allSettled) {
        covered = Math.max(covered, tag);
        count++;
      } else {
        acks.ack(tag, false);
      }
    }
    if (count > 0) {
      acks.ack(covered, count > 1);
    }
    toAck.clear();
  }

  /** Writes settlements to the channel. */
  interface Acks {
    void ack(long tag, boolean multiple) throws IOException;

    void requeue(long tag) throws IOException;
  }
}
