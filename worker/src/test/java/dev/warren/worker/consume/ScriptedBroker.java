package dev.warren.worker.consume;

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
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A broker that answers what it is given to publish as a test has told it to, and confirms what
 * comes after. Nothing is delivered. Thread-safe.
 */
public final class ScriptedBroker implements Broker {
  public final BlockingQueue<Message> taken = new LinkedBlockingQueue<>();
  public final BlockingQueue<Topology> declared = new LinkedBlockingQueue<>();
  private final Deque<CompletableFuture<Receipt>> answers = new ArrayDeque<>();
  private final Duration queueAtRiskFor;
  private volatile @Nullable BrokerException depthFailure;

  public ScriptedBroker() {
    this(Duration.ZERO);
  }

  public ScriptedBroker(Duration queueAtRiskFor) {
    this.queueAtRiskFor = queueAtRiskFor;
  }

  public synchronized ScriptedBroker thenUnroutable() {
    answers.add(CompletableFuture.completedFuture(Receipt.UNROUTABLE));
    return this;
  }

  public synchronized ScriptedBroker thenFails(Throwable failure) {
    answers.add(CompletableFuture.failedFuture(failure));
    return this;
  }

  /** The broker cannot tell whether there is a queue; else there is none. */
  ScriptedBroker depthFails(BrokerException failure) {
    depthFailure = failure;
    return this;
  }

  @Override
  public synchronized CompletableFuture<Receipt> publish(Route route, Message message) {
    CompletableFuture<Receipt> answer = answers.poll();
    if (answer == null) {
      taken.add(message);
      return CompletableFuture.completedFuture(Receipt.CONFIRMED);
    }
    return answer;
  }

  @Override
  public void declare(Topology topology) {
    declared.add(topology);
  }

  @Override
  public Duration queueAtRiskFor() {
    return queueAtRiskFor;
  }

  @Override
  public void delete(String queue) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<QueueDepth> depth(String queue) {
    BrokerException failure = depthFailure;
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  @Override
  public void addListener(BrokerListener listener) {}

  @Override
  public int unconfirmed() {
    return 0;
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
  public boolean connected() {
    return true;
  }

  @Override
  public boolean flush(Duration limit) {
    return true;
  }

  @Override
  public void close() {}
}
