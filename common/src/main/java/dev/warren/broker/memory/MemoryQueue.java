package dev.warren.broker.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.Broker;
import dev.warren.broker.Delivery;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.broker.Topology;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Bounds;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One queue of the in-memory broker. Thread-safe.
 *
 * <p>One lock guards the messages, the subscriptions and their unsettled deliveries. It is a leaf:
 * while it is held, no other lock is taken and no handler is called. {@link #dispatch()} is called
 * after every change that may make a delivery possible. It takes the next message for a
 * subscription with free prefetch that is not being served, marks the subscription as served, calls
 * its handler outside the lock, and looks again. So each handler is called by one thread at a time,
 * in the order in which messages were taken, and no message waits while a subscription has free
 * prefetch. The file is long because everything guarded by the one lock is here.
 */
final class MemoryQueue {
  private static final Logger log = Logs.of(MemoryQueue.class);
  private static final int PRIORITIES = 32;

  /**
   * Maximum consecutive deliveries on a caller's thread before the broker's own thread takes over.
   */
  private static final int LONGEST_RUN = 1024;

  private final String name;
  private final InMemoryBroker broker;
  private final long ttlNanos;
  private final @Nullable Route deadLetters;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final @Nullable ArrayDeque<Entry>[] ready = buckets();

  // bit p is set while ready[p] holds something
  @GuardedBy("lock")
  private int occupied;

  // requeued messages: they precede all others of their priority, in their original order
  @GuardedBy("lock")
  private final PriorityQueue<Entry> returned =
      new PriorityQueue<>(
          Comparator.<Entry>comparingInt(e -> -e.priority).thenComparingLong(e -> e.sequence));

  // all messages of a queue with a TTL, oldest first
  @GuardedBy("lock")
  private final ArrayDeque<Entry> byAge = new ArrayDeque<>();

  @GuardedBy("lock")
  private final List<Consumption> consumptions = new ArrayList<>();

  @GuardedBy("lock")
  private int turn;

  @GuardedBy("lock")
  private int readyCount;

  @GuardedBy("lock")
  private long nextSequence;

  // whether expire() is scheduled and has not run yet
  @GuardedBy("lock")
  private boolean timerSet;

  @GuardedBy("lock")
  private boolean closed;

  // bytes of bodies that are ready or unsettled
  @GuardedBy("lock")
  private long heldBytes;

  // delayed confirms of messages that were published while heldBytes exceeded mostBytes
  @GuardedBy("lock")
  private final List<CompletableFuture<Broker.Receipt>> waiting = new ArrayList<>();

  private final long mostBytes;

  MemoryQueue(Topology.Queue declared, InMemoryBroker broker) {
    this.name = declared.name();
    this.broker = broker;
    this.mostBytes =
        "classic".equals(declared.arguments().get("x-queue-type"))
            ? InMemoryBroker.MAX_RESULT_BYTES
            : Long.MAX_VALUE;
    Object ttl = declared.arguments().get("x-message-ttl");
    this.ttlNanos = ttl instanceof Number millis ? millis.longValue() * 1_000_000 : 0;
    Object exchange = declared.arguments().get("x-dead-letter-exchange");
    Object key = declared.arguments().get("x-dead-letter-routing-key");
    this.deadLetters =
        exchange == null && key == null
            ? null
            : new Route(
                exchange == null ? "" : exchange.toString(), key == null ? name : key.toString());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable ArrayDeque<Entry>[] buckets() {
    return new ArrayDeque[PRIORITIES];
  }

  /**
   * Returns the confirm for a message just published; null if the queue has room. Delaying it keeps
   * a publisher from filling this process's memory while nobody consumes, as RabbitMQ's confirms
   * do. Only classic queues, which hold results, are bounded.
   */
  @Nullable CompletableFuture<Broker.Receipt> room() {
    synchronized (lock) {
      if (heldBytes <= mostBytes || closed) {
        return null;
      }
      CompletableFuture<Broker.Receipt> confirm = new CompletableFuture<>();
      waiting.add(confirm);
      return confirm;
    }
  }

  /** Removes and returns the delayed confirms, if the queue has room now. */
  @GuardedBy("lock")
  private List<CompletableFuture<Broker.Receipt>> due() {
    if (waiting.isEmpty() || (heldBytes > mostBytes && !closed)) {
      return List.of();
    }
    List<CompletableFuture<Broker.Receipt>> due = List.copyOf(waiting);
    waiting.clear();
    return due;
  }

  /** Adds the message; returns false if the queue has been deleted. */
  boolean offer(Message message) {
    boolean setTimer;
    synchronized (lock) {
      if (closed) {
        return false;
      }
      heldBytes += message.body().length();
      append(new Entry(message, nextSequence++, ttlNanos > 0 ? now() + ttlNanos : 0));
      setTimer = needsTimer();
    }
    if (setTimer) {
      broker.after(Duration.ofNanos(ttlNanos), this::expire);
    }
    dispatch();
    return true;
  }

  @GuardedBy("lock")
  private boolean needsTimer() {
    boolean needed = ttlNanos > 0 && !timerSet;
    timerSet |= needed;
    return needed;
  }

  Subscription subscribe(int prefetch, Consumer<Delivery> handler) {
    Consumption consumption = new Consumption(this, checked(prefetch), handler);
    synchronized (lock) {
      consumptions.add(consumption);
    }
    dispatch();
    return consumption;
  }

  Broker.QueueDepth depth() {
    synchronized (lock) {
      return new Broker.QueueDepth(readyCount, consumptions.size());
    }
  }

  /** Drops all messages. Unsettled deliveries are void. */
  void close() {
    List<CompletableFuture<Broker.Receipt>> due;
    synchronized (lock) {
      closed = true;
      due = due();
      consumptions.clear();
      returned.clear();
      byAge.clear();
      occupied = 0;
      readyCount = 0;
      Arrays.fill(ready, null);
    }
    due.forEach(confirm -> confirm.complete(Broker.Receipt.CONFIRMED));
  }

  private void dispatch() {
    Taken last = null;
    for (int run = 0; ; run++) {
      Taken next;
      synchronized (lock) {
        if (last != null) {
          last.consumption.served = false;
        }
        next = run < LONGEST_RUN ? take() : null;
        if (next == null && (run < LONGEST_RUN || readyCount == 0)) {
          return;
        }
      }
      if (next == null) {
        broker.later(this::dispatch);
        return;
      }
      next.call();
      last = next;
    }
  }

  /**
   * Takes the next message for a subscription and marks that as served; null if nothing can be
   * delivered.
   */
  @GuardedBy("lock")
  private @Nullable Taken take() {
    if (readyCount == 0) {
      return null;
    }
    for (int i = 0; i < consumptions.size(); i++) {
      int index = (turn + i) % consumptions.size();
      Consumption consumption = consumptions.get(index);
      if (!consumption.served && consumption.unsettled < consumption.prefetch) {
        turn = (index + 1) % consumptions.size();
        consumption.served = true;
        consumption.unsettled++;
        return new Taken(this, consumption, poll());
      }
    }
    return null;
  }

  @GuardedBy("lock")
  private void append(Entry entry) {
    ArrayDeque<Entry> bucket = ready[entry.priority];
    if (bucket == null) {
      bucket = new ArrayDeque<>();
      ready[entry.priority] = bucket;
    }
    bucket.addLast(entry);
    occupied |= 1 << entry.priority;
    readyCount++;
    if (ttlNanos > 0) {
      byAge.addLast(entry);
    }
  }

  @GuardedBy("lock")
  private Entry poll() {
    readyCount--;
    int highest = 31 - Integer.numberOfLeadingZeros(occupied);
    Entry back = returned.peek();
    if (back != null && back.priority >= highest) {
      returned.remove();
      byAge.remove(back);
      return back;
    }
    ArrayDeque<Entry> bucket = Objects.requireNonNull(ready[highest]);
    Entry entry = bucket.removeFirst();
    if (bucket.isEmpty()) {
      occupied &= ~(1 << highest);
    }
    if (ttlNanos > 0) {
      byAge.remove(entry);
    }
    return entry;
  }

  /** On the timer: dead-letters expired messages and schedules the next expiry. */
  private void expire() {
    List<Entry> expired = new ArrayList<>();
    long wait = 0;
    synchronized (lock) {
      long now = now();
      for (Entry oldest = byAge.peekFirst(); oldest != null; oldest = byAge.peekFirst()) {
        wait = oldest.expiresAt - now;
        if (wait > 0) {
          break;
        }
        byAge.removeFirst();
        remove(oldest);
        expired.add(oldest);
      }
      timerSet = wait > 0 && !byAge.isEmpty();
      wait = timerSet ? wait : 0;
    }
    if (wait > 0) {
      broker.after(Duration.ofNanos(wait), this::expire);
    }
    if (deadLetters != null) {
      expired.forEach(entry -> broker.route(deadLetters, entry.message));
    }
  }

  @GuardedBy("lock")
  private void remove(Entry entry) {
    readyCount--;
    ArrayDeque<Entry> bucket = ready[entry.priority];
    if (bucket != null && bucket.removeFirstOccurrence(entry)) {
      if (bucket.isEmpty()) {
        occupied &= ~(1 << entry.priority);
      }
    } else {
      returned.remove(entry);
    }
  }

  /** Settles a delivery: frees its prefetch slot, and requeues the message if asked to. */
  private void settle(Taken taken, boolean requeue) {
    boolean setTimer = false;
    List<CompletableFuture<Broker.Receipt>> due;
    synchronized (lock) {
      if (taken.settled) {
        return;
      }
      taken.settled = true;
      taken.consumption.unsettled--;
      heldBytes -= requeue ? 0 : taken.entry.message.body().length();
      due = due();
      if (requeue && !closed) {
        taken.entry.redelivered = true;
        returned.add(taken.entry);
        readyCount++;
        if (ttlNanos > 0) {
          byAge.addFirst(taken.entry);
          setTimer = needsTimer();
        }
      }
    }
    if (setTimer) {
      broker.after(Duration.ZERO, this::expire);
    }
    due.forEach(confirm -> confirm.complete(Broker.Receipt.CONFIRMED));
    dispatch();
  }

  private static long now() {
    return TimeSource.SYSTEM.nanos();
  }

  private static int checked(int prefetch) {
    Bounds.check("prefetch", prefetch, 1, Broker.MAX_PREFETCH);
    return prefetch;
  }

  /** A message in the queue. Its non-final fields are guarded by the queue's lock. */
  private static final class Entry {
    final Message message;
    final int priority;
    final long sequence;
    final long expiresAt;
    boolean redelivered;

    Entry(Message message, long sequence, long expiresAt) {
      this.message = message;
      this.priority = Math.max(0, Math.min(PRIORITIES - 1, message.priority()));
      this.sequence = sequence;
      this.expiresAt = expiresAt;
    }
  }

  /** A subscription. Its non-final fields are guarded by the queue's lock. */
  private static final class Consumption implements Subscription {
    private final MemoryQueue queue;
    private final Consumer<Delivery> handler;
    private int prefetch;
    private int unsettled;
    private boolean served;

    Consumption(MemoryQueue queue, int prefetch, Consumer<Delivery> handler) {
      this.queue = queue;
      this.prefetch = prefetch;
      this.handler = handler;
    }

    @Override
    public void prefetch(int newPrefetch) {
      synchronized (queue.lock) {
        prefetch = checked(newPrefetch);
      }
      queue.dispatch();
    }

    @Override
    public void pause(Runnable paused) {
      synchronized (queue.lock) {
        prefetch = 0;
      }
      queue.broker.later(paused);
    }

    @Override
    public boolean ended() {
      synchronized (queue.lock) {
        return !served && !queue.consumptions.contains(this);
      }
    }

    @Override
    public void cancel() {
      synchronized (queue.lock) {
        queue.consumptions.remove(this);
        queue.turn = 0;
      }
    }
  }

  /** A delivery. {@code settled} is guarded by the queue's lock. */
  private static final class Taken implements Delivery {
    private final MemoryQueue queue;
    private final Consumption consumption;
    private final Entry entry;
    private final boolean redelivered;
    private boolean settled;

    Taken(MemoryQueue queue, Consumption consumption, Entry entry) {
      this.queue = queue;
      this.consumption = consumption;
      this.entry = entry;
      this.redelivered = entry.redelivered;
    }

    /** Calls the handler. An exception of the handler ends here; the delivery stays unsettled. */
    void call() {
      try {
        consumption.handler.accept(this);
      } catch (Throwable e) {
        log.error("{}: the handler failed; its delivery stays unsettled", queue.name, e);
      }
    }

    @Override
    public Message message() {
      return entry.message;
    }

    @Override
    public boolean redelivered() {
      return redelivered;
    }

    @Override
    public void ack() {
      queue.settle(this, false);
    }

    @Override
    public void requeue() {
      queue.settle(this, true);
    }

    @Override
    public boolean live() {
      return !queue.broker.isClosed();
    }
  }
}
