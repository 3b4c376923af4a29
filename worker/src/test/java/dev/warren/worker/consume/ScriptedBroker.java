package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.broker.Topology;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A broker on the test's thread: answers published messages as the test has scripted, confirms all
 * others, and delivers what the test gives it.
 */
public final class ScriptedBroker implements Broker {
  /** The confirmed messages, in order. */
  public final Deque<Message> taken = new ArrayDeque<>();

  /** The confirmed messages with their routes. */
  public final List<Sent> sent = new ArrayList<>();

  public final List<Topology> declared = new ArrayList<>();
  final List<BrokerListener> listeners = new ArrayList<>();
  final Map<String, FakeSubscription> subscriptions = new HashMap<>();
  final Map<String, QueueDepth> depths = new HashMap<>();
  public Duration queueAtRiskFor = Duration.ZERO;
  Duration roundTrip = Duration.ZERO;
  Duration deliveryTimeout = Duration.ofDays(8);
  boolean connected = true;
  public @Nullable BrokerException declareFailure;
  private final Deque<CompletableFuture<Receipt>> answers = new ArrayDeque<>();
  private final Deque<Runnable> unconfirmed = new ArrayDeque<>();
  private boolean holding;
  private @Nullable BrokerException depthFailure;
  private @Nullable RuntimeException publishThrows;

  public record Sent(Route route, Message message) {
    public String queue() {
      return route.key();
    }
  }

  public ScriptedBroker() {}

  public ScriptedBroker(Duration queueAtRiskFor) {
    this.queueAtRiskFor = queueAtRiskFor;
  }

  public ScriptedBroker thenUnroutable() {
    answers.add(CompletableFuture.completedFuture(Receipt.UNROUTABLE));
    return this;
  }

  public ScriptedBroker thenFails(Throwable failure) {
    answers.add(CompletableFuture.failedFuture(failure));
    return this;
  }

  /** The next publish throws, which no broker should do. */
  ScriptedBroker thenThrows(RuntimeException failure) {
    publishThrows = failure;
    return this;
  }

  /** The broker cannot report a queue's depth because of this failure; null: it can. */
  ScriptedBroker depthFails(@Nullable BrokerException failure) {
    depthFailure = failure;
    return this;
  }

  /** Confirms nothing until {@link #confirmAll}. */
  public void holdConfirms() {
    holding = true;
  }

  /** Confirms everything, now and later. */
  public void confirmAll() {
    holding = false;
    while (!unconfirmed.isEmpty()) {
      unconfirmed.remove().run();
    }
  }

  /** Confirms the oldest message. */
  public void confirmOne() {
    unconfirmed.remove().run();
  }

  /** Messages to this queue, or with this key, that the test has not taken. */
  public List<Message> takeFrom(String queue) {
    List<Message> messages = new ArrayList<>();
    sent.removeIf(each -> each.queue().equals(queue) && messages.add(each.message()));
    return messages;
  }

  /** Messages to this exchange that the test has not taken. */
  public List<Message> takeFromExchange(String exchange) {
    List<Message> messages = new ArrayList<>();
    sent.removeIf(each -> each.route().exchange().equals(exchange) && messages.add(each.message()));
    return messages;
  }

  /** The only message to this queue that the test has not taken. */
  public Message takeOne(String queue) {
    List<Message> messages = takeFrom(queue);
    assertThat(messages).as("messages to %s", queue).hasSize(1);
    return messages.get(0);
  }

  FakeDelivery deliver(String queue, Message message) {
    return deliver(queue, new FakeDelivery(message));
  }

  FakeDelivery deliver(String queue, FakeDelivery delivery) {
    subscriptions.get(queue).handler.accept(delivery);
    return delivery;
  }

  @Override
  public CompletableFuture<Receipt> publish(Route route, Message message) {
    RuntimeException failure = publishThrows;
    if (failure != null) {
      publishThrows = null;
      throw failure;
    }
    CompletableFuture<Receipt> answer = answers.poll();
    if (answer == null) {
      taken.add(message);
      sent.add(new Sent(route, message));
      answer = new CompletableFuture<>();
      CompletableFuture<Receipt> receipt = answer;
      unconfirmed.add(() -> receipt.complete(Receipt.CONFIRMED));
      if (!holding) {
        confirmAll();
      }
    }
    return answer;
  }

  @Override
  public void declare(Topology topology) {
    if (declareFailure != null) {
      throw declareFailure;
    }
    declared.add(topology);
  }

  @Override
  public Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler) {
    FakeSubscription subscription = new FakeSubscription(prefetch, handler);
    subscriptions.put(queue, subscription);
    return subscription;
  }

  @Override
  public Optional<QueueDepth> depth(String queue) {
    if (depthFailure != null) {
      throw depthFailure;
    }
    return Optional.ofNullable(depths.get(queue));
  }

  @Override
  public Duration queueAtRiskFor() {
    return queueAtRiskFor;
  }

  @Override
  public Duration roundTrip() {
    return roundTrip;
  }

  @Override
  public Duration deliveryTimeout() {
    return deliveryTimeout;
  }

  @Override
  public void addListener(BrokerListener listener) {
    listeners.add(listener);
  }

  @Override
  public boolean connected() {
    return connected;
  }

  @Override
  public int unconfirmed() {
    return unconfirmed.size();
  }

  @Override
  public int maxBodyBytes() {
    return 1 << 20;
  }

  @Override
  public String description() {
    return "scripted";
  }

  @Override
  public void delete(String queue) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean flush(Duration limit) {
    return true;
  }

  @Override
  public void close() {}

  /** The calls of a subscription's methods. */
  static final class FakeSubscription implements Subscription {
    final Consumer<Delivery> handler;
    int prefetch;
    @Nullable Runnable paused; // runs once no delivery is in transit
    boolean cancelled;
    boolean ended = true; // once it is cancelled

    private FakeSubscription(int prefetch, Consumer<Delivery> handler) {
      this.prefetch = prefetch;
      this.handler = handler;
    }

    @Override
    public void prefetch(int newPrefetch) {
      prefetch = newPrefetch;
      paused = null;
    }

    @Override
    public void pause(Runnable whenPaused) {
      paused = whenPaused;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean ended() {
      return cancelled && ended;
    }
  }
}
