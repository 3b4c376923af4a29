package dev.warren.broker.rabbit.publish;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.Route;
import dev.warren.wire.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a {@link RabbitPublisher} whose futures are incomplete. Confined to its thread;
 * does no I/O.
 *
 * <p>A message is in exactly one place: <em>waiting</em> (not sent), <em>sent</em> (by its tag on
 * the present channel, unanswered) or <em>later</em> (rejected because a queue was full; waits for
 * its back-off). When the channel is lost, sent messages return to the front of waiting, in order.
 *
 * <p>A broker that closes the channel does not report which message caused it. All messages in
 * flight are then sent again one at a time; the one in flight at the next close is the cause.
 */
final class PendingMessages {
  /**
   * Maximum number of sent, unanswered messages, and of their bytes; one message is always allowed.
   */
  static final int WINDOW = 4096;

  static final long WINDOW_BYTES = 64L << 20;

  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final Map<Long, Pending> sent = new LinkedHashMap<>();
  private final PriorityQueue<Pending> later =
      new PriorityQueue<>(Comparator.comparingLong(p -> p.dueNanos));
  private long sentBytes;
  // number of messages still to be sent one at a time
  private int carefully;

  void add(Pending pending) {
    waiting.addLast(pending);
  }

  int sentCount() {
    return sent.size();
  }

  /** Bytes of sent, unanswered messages. */
  long sentBytes() {
    return sentBytes;
  }

  /** Whether a message is waiting and the window has room for it. */
  boolean maySend() {
    if (waiting.isEmpty()) {
      return false;
    }
    return carefully > 0
        ? sent.isEmpty()
        : sent.size() < WINDOW && (sent.isEmpty() || sentBytes < WINDOW_BYTES);
  }

  /** Moves the first waiting message to sent, under this tag. */
  Pending send(long tag, long nowNanos) {
    Pending pending = waiting.removeFirst();
    pending.sentNanos = nowNanos;
    sent.put(tag, pending);
    sentBytes += pending.size();
    return pending;
  }

  /** Returns the unanswered message with this tag; null if there is none. */
  @Nullable Pending sent(long tag) {
    return sent.get(tag);
  }

  /** Removes the answered messages: the one with this tag, or all up to it. */
  List<Pending> take(long tag, boolean multiple) {
    List<Pending> taken = new ArrayList<>();
    if (!multiple) {
      Pending pending = sent.remove(tag);
      if (pending != null) {
        taken.add(pending);
      }
    } else {
      Iterator<Map.Entry<Long, Pending>> entries = sent.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<Long, Pending> entry = entries.next();
        if (entry.getKey() > tag) {
          break;
        }
        taken.add(entry.getValue());
        entries.remove();
      }
    }
    for (Pending pending : taken) {
      sentBytes -= pending.size();
    }
    carefully = Math.max(0, carefully - taken.size());
    return taken;
  }

  /**
   * Marks a message that no queue accepted; its confirm follows. Returns false if it is unknown.
   */
  boolean returned(Route route, @Nullable String id) {
    for (Pending pending : sent.values()) {
      if (!pending.returned && pending.message.id().equals(id) && pending.sentTo.equals(route)) {
        pending.returned = true;
        return true;
      }
    }
    return false;
  }

  /** Returns the message that has been unanswered longest; null if there is none. */
  @Nullable Pending oldestSent() {
    return sent.isEmpty() ? null : sent.values().iterator().next();
  }

  /** Moves all sent messages back to the front of waiting, in their order. */
  void channelLost() {
    List<Pending> again = new ArrayList<>(sent.values());
    sent.clear();
    sentBytes = 0;
    for (int i = again.size() - 1; i >= 0; i--) {
      again.get(i).returned = false;
      waiting.addFirst(again.get(i));
    }
  }

  /**
   * The broker closed the channel over one of the sent messages: all are to be sent one at a time.
   */
  void suspectSent() {
    carefully = Math.max(carefully, Math.max(1, sent.size()));
  }

  /**
   * Returns the only message in flight, which therefore caused the close; null if there are none or
   * several.
   */
  @Nullable Pending onlySent() {
    return sent.size() == 1 ? oldestSent() : null;
  }

  /** Schedules a rejected message to be sent again. */
  void postpone(Pending pending, long dueNanos) {
    pending.dueNanos = dueNanos;
    later.add(pending);
  }

  /** Moves messages whose back-off has ended to waiting. */
  void wake(long nowNanos) {
    for (Pending due = later.peek(); due != null; due = later.peek()) {
      if (due.dueNanos - nowNanos > 0) {
        return;
      }
      waiting.addLast(later.remove());
    }
  }

  /** Time until the next back-off ends, at most {@code longest}. */
  long nanosToNext(long nowNanos, long longest) {
    Pending next = later.peek();
    return next == null ? longest : Math.max(0, Math.min(longest, next.dueNanos - nowNanos));
  }

  /** Removes and returns everything: sent messages first, oldest first. */
  List<Pending> takeAll() {
    List<Pending> all = new ArrayList<>(sent.values());
    all.addAll(waiting);
    all.addAll(later);
    sent.clear();
    sentBytes = 0;
    waiting.clear();
    later.clear();
    return all;
  }

  /**
   * A message whose future is incomplete. Its non-final fields are confined to the publisher's
   * thread.
   */
  static final class Pending {
    final Route route;
    final Message message;
    final CompletableFuture<Receipt> future = new CompletableFuture<>();
    // the route with the name in use of its queue
    Route sentTo;
    // number of rejections by the broker
    int failures;
    private boolean returned;
    private long sentNanos;
    private long dueNanos;

    Pending(Route route, Message message) {
      this.route = route;
      this.sentTo = route;
      this.message = message;
    }

    /** The receipt that a confirm of this message stands for. */
    Receipt receipt() {
      return returned ? Receipt.UNROUTABLE : Receipt.CONFIRMED;
    }

    long sentNanos() {
      return sentNanos;
    }

    /** Names the message and its destination, for logs and errors. */
    String shown() {
      return "message " + message.id() + " to " + route.shown();
    }

    private long size() {
      return message.body().length() + 256L;
    }
  }
}
