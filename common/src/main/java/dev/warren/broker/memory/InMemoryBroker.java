package dev.warren.broker.memory;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.broker.Topology;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Queues in this process's memory, for {@code local:} pools and for tests. It behaves as RabbitMQ
 * 4.3 does. Thread-safe; lives until {@link #close()}.
 *
 * <p>A message is delivered as soon as a subscription has free prefetch, on the thread that
 * published it or that settled the previous delivery; after a long run of deliveries the broker's
 * own thread takes over. No lock is held while a handler runs.
 *
 * <p>Not modelled: {@code x-expires} (a queue lives and dies with this process), delivery limits
 * and delivery timeouts.
 */
public final class InMemoryBroker implements Broker {
  /** Maximum body size in bytes: that of RabbitMQ before 4.0. */
  public static final int MAX_BODY_BYTES = 128 << 20;

  /**
   * Bytes in a results queue above which confirms are delayed until some messages have been
   * consumed.
   */
  static final long MAX_RESULT_BYTES =
      Math.max(4 << 20, Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8));

  private static final CompletableFuture<Receipt> CONFIRMED =
      CompletableFuture.completedFuture(Receipt.CONFIRMED);
  private static final CompletableFuture<Receipt> UNROUTABLE =
      CompletableFuture.completedFuture(Receipt.UNROUTABLE);

  private final Map<String, MemoryQueue> queues = new ConcurrentHashMap<>();
  private final Map<String, MemoryExchange> exchanges = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer = NamedThreads.timer("memory-broker-timer");
  private final ExecutorService helper = NamedThreads.single("memory-broker");
  // volatile: read by every operation, written once by close
  private volatile boolean closed;

  private InMemoryBroker() {}

  /** Creates an empty broker. */
  public static InMemoryBroker open() {
    return new InMemoryBroker();
  }

  @Override
  public void declare(Topology topology) {
    checkOpen();
    for (Topology.Exchange exchange : topology.exchanges()) {
      exchanges.computeIfAbsent(exchange.name(), n -> new MemoryExchange(exchange.type()));
    }
    for (Topology.Queue queue : topology.queues()) {
      queues.computeIfAbsent(queue.name(), n -> new MemoryQueue(queue, this));
    }
    for (Topology.Binding binding : topology.bindings()) {
      MemoryExchange exchange = exchanges.get(binding.exchange());
      if (exchange == null || !queues.containsKey(binding.queue())) {
        throw new BrokerException(
            "cannot bind queue "
                + binding.queue()
                + " to exchange "
                + binding.exchange()
                + ": declare both first");
      }
      exchange.bind(binding.pattern(), binding.queue());
    }
  }

  @Override
  public void delete(String queue) {
    checkOpen();
    MemoryQueue removed = queues.remove(queue);
    if (removed != null) {
      removed.close();
      exchanges.values().forEach(exchange -> exchange.unbind(queue));
    }
  }

  @Override
  public CompletableFuture<Receipt> publish(Route route, Message message) {
    if (closed) {
      return CompletableFuture.failedFuture(closedFailure());
    }
    int size = message.body().length();
    if (size > MAX_BODY_BYTES) {
      return CompletableFuture.failedFuture(BrokerException.tooLarge(size, MAX_BODY_BYTES));
    }
    return route(route, message) ? confirm(route) : UNROUTABLE;
  }

  private CompletableFuture<Receipt> confirm(Route route) {
    MemoryQueue target = route.exchange().isEmpty() ? queues.get(route.key()) : null;
    CompletableFuture<Receipt> later = target == null ? null : target.room();
    return later == null ? CONFIRMED : later;
  }

  /** Puts the message into every queue that the route leads to; returns false if there is none. */
  boolean route(Route route, Message message) {
    if (route.exchange().isEmpty()) {
      return offer(route.key(), message);
    }
    MemoryExchange exchange = exchanges.get(route.exchange());
    if (exchange == null) {
      return false;
    }
    boolean taken = false;
    for (String queue : exchange.queuesFor(route.key())) {
      taken |= offer(queue, message);
    }
    return taken;
  }

  private boolean offer(String queue, Message message) {
    MemoryQueue target = queues.get(queue);
    return target != null && target.offer(message);
  }

  @Override
  public Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler) {
    checkOpen();
    MemoryQueue target = queues.get(queue);
    if (target == null) {
      throw new IllegalStateException("queue " + queue + " is not declared; declare it first");
    }
    return target.subscribe(prefetch, handler);
  }

  @Override
  public Optional<QueueDepth> depth(String queue) {
    checkOpen();
    return Optional.ofNullable(queues.get(queue)).map(MemoryQueue::depth);
  }

  /** Does nothing: an in-memory broker has no connection to lose. */
  @Override
  public void addListener(BrokerListener listener) {}

  @Override
  public int unconfirmed() {
    return 0;
  }

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public String system() {
    return "warren";
  }

  @Override
  public String description() {
    return "in memory";
  }

  @Override
  public boolean connected() {
    return !closed;
  }

  @Override
  public boolean flush(Duration limit) {
    return true;
  }

  @Override
  public void close() {
    closed = true;
    queues.values().forEach(MemoryQueue::close);
    queues.clear();
    timer.shutdownNow();
    helper.shutdownNow();
  }

  boolean isClosed() {
    return closed;
  }

  /** Runs the action on the broker's own thread, unless the broker is closed. */
  void later(Runnable action) {
    try {
      helper.execute(action);
    } catch (RejectedExecutionException e) {
      checkClosed(e);
    }
  }

  void after(Duration wait, Runnable action) {
    try {
      var unused = timer.schedule(action, wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      checkClosed(e);
    }
  }

  private void checkClosed(RejectedExecutionException e) {
    if (!closed) {
      throw e;
    }
  }

  private void checkOpen() {
    if (closed) {
      throw closedFailure();
    }
  }

  private static BrokerException closedFailure() {
    return BrokerException.closed("the in-memory broker is closed");
  }

  /** An exchange and its bindings. Thread-safe. */
  private static final class MemoryExchange {
    private final boolean fanout;
    private final List<Bound> bindings = new CopyOnWriteArrayList<>();

    MemoryExchange(String type) {
      this.fanout = type.equals("fanout");
    }

    void bind(String pattern, String queue) {
      Bound bound = new Bound(TopicPattern.of(pattern), queue);
      if (!bindings.contains(bound)) {
        bindings.add(bound);
      }
    }

    void unbind(String queue) {
      bindings.removeIf(bound -> bound.queue.equals(queue));
    }

    List<String> queuesFor(String key) {
      return bindings.stream()
          .filter(bound -> fanout || bound.pattern.matches(key))
          .map(Bound::queue)
          .distinct()
          .toList();
    }

    private record Bound(TopicPattern pattern, String queue) {}
  }
}
