package dev.warren.broker;

import dev.warren.broker.Broker.Receipt;
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
 * The messages of a {@link RabbitPublisher} whose futures are open. Confined to its thread; does no
 * input or output.
 *
 * <p>A message is in exactly one place: <em>waiting</em> (not sent), <em>sent</em> (by its tag on
 * the present channel, no answer yet) or <em>later</em> (refused by an overflow, to wait again from
 * a time on). When the channel goes, what was sent goes back to the front of waiting, in order.
 *
 * <p>A broker that closes the channel does not say over which message. Those in question are then
 * sent one at a time: the one in flight when the channel is closed again is to blame.
 */
final class PendingMessages {
  /** Most messages and bytes sent and not answered; one message may always be under way. */
  static final int WINDOW = 4096;

  static final long WINDOW_BYTES = 64L << 20;

  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final Map<Long, Pending> sent = new LinkedHashMap<>();
  private final PriorityQueue<Pending> later =
      new PriorityQueue<>(Comparator.comparingLong(p -> p.dueNanos));
  private long sentBytes;
  // messages still to be sent one at a time
  private int carefully;

  void add(Pending pending) {
    waiting.addLast(pending);
  }

  int sentCount() {
    return sent.size();
  }

  /** Bytes of what is sent and not answered. */
  long sentBytes() {
    return sentBytes;
  }

  /** Whether a message waits and the window has room for it. */
  boolean maySend() {
    if (waiting.isEmpty()) {
      return false;
    }
    return carefully > 0
        ? sent.isEmpty()
        : sent.size() < WINDOW && (sent.isEmpty() || sentBytes < WINDOW_BYTES);
  }

  /** The next message that waits, now counted as sent with this tag. */
  Pending send(long tag, long nowNanos) {
    Pending pending = waiting.removeFirst();
    pending.sentNanos = nowNanos;
    sent.put(tag, pending);
    sentBytes += pending.size();
    return pending;
  }

  /** The message that was sent with this tag and has no answer yet; null if there is none. */
  @Nullable Pending sent(long tag) {
    return sent.get(tag);
  }

  /** Takes out what the broker has answered: that tag, or all up to it. */
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

  /** Notes that no queue took a message, whose confirm is still to come; false if it is unknown. */
  boolean returned(Route route, @Nullable String id) {
    for (Pending pending : sent.values()) {
      if (!pending.returned && pending.message.id().equals(id) && pending.route.equals(route)) {
        pending.returned = true;
        return true;
      }
    }
    return false;
  }

  /** The longest unanswered message; null if there is none. */
  @Nullable Pending oldestSent() {
    return sent.isEmpty() ? null : sent.values().iterator().next();
  }

  /** All that was sent waits again, in front and in its old order. */
  void channelLost() {
    List<Pending> again = new ArrayList<>(sent.values());
    sent.clear();
    sentBytes = 0;
    for (int i = again.size() - 1; i >= 0; i--) {
      again.get(i).returned = false;
      waiting.addFirst(again.get(i));
    }
  }

  /** The broker refused one of what is sent: all of it is to be sent one at a time. */
  void suspectSent() {
    carefully = Math.max(carefully, Math.max(1, sent.size()));
  }

  /** The only message in flight, which therefore is to blame; null if there are more, or none. */
  @Nullable Pending onlySent() {
    return sent.size() == 1 ? oldestSent() : null;
  }

  /** Lets a refused message wait again from a time on. */
  void postpone(Pending pending, long dueNanos) {
    pending.dueNanos = dueNanos;
    later.add(pending);
  }

  /** Lets wait what is due. */
  void wake(long nowNanos) {
    for (Pending due = later.peek(); due != null; due = later.peek()) {
      if (due.dueNanos - nowNanos > 0) {
        return;
      }
      waiting.addLast(later.remove());
    }
  }

  /** Time until something is due, at most {@code longest}. */
  long nanosToNext(long nowNanos, long longest) {
    Pending next = later.peek();
    return next == null ? longest : Math.max(0, Math.min(longest, next.dueNanos - nowNanos));
  }

  /** Takes out everything, oldest first as far as it was sent. */
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

  /** A message whose future is open. Its changeable fields are confined as the tables are. */
  static final class Pending {
    final Route route;
    final Message message;
    final CompletableFuture<Receipt> future = new CompletableFuture<>();
    // how often the broker refused it
    int failures;
    private boolean returned;
    private long sentNanos;
    private long dueNanos;

    Pending(Route route, Message message) {
      this.route = route;
      this.message = message;
    }

    /** What a confirm of it means. */
    Receipt receipt() {
      return returned ? Receipt.UNROUTABLE : Receipt.CONFIRMED;
    }

    long sentNanos() {
      return sentNanos;
    }

    /** For people: which message, and where it goes. */
    String shown() {
      return "message " + message.id() + " to " + route.shown();
    }

    private long size() {
      return message.body().length() + 256L;
    }
  }
}
