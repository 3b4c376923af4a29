package dev.warren.timeline;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.dead.DeadLetter;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Message;
import dev.warren.wire.SecretIds;
import dev.warren.wire.control.ExplainAnswer;
import dev.warren.wire.control.ExplainMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Asks the workers of a pool and its dead-letter queue what happened to a call. Thread-safe; each
 * question has a queue of its own, which is deleted afterwards.
 */
public final class CallTimelines {
  /** Enough time for all workers to answer, unless the network is slow. */
  public static final Duration USUAL_LIMIT = Duration.ofSeconds(2);

  private static final Logger log = Logs.of(CallTimelines.class);
  private static final int PREFETCH = 200;

  /** Maximum number of messages of the dead-letter queue that are read. */
  private static final long MAX_DEAD = 5000;

  /** Maximum number of dead letters of one call, or of the calls of one message. */
  private static final int MAX_FOUND = 100;

  private final Broker broker;
  private final PoolNames names;
  private final TimeSource time;

  /**
   * Creates an instance; the caller closes the broker.
   *
   * @param names of the pool that is asked
   */
  public CallTimelines(Broker broker, PoolNames names, TimeSource time) {
    this.broker = broker;
    this.names = names;
    this.time = time;
  }

  /**
   * Asks, and waits until all workers have answered; a worker that does not answer within the limit
   * is not waited for. Blocks.
   *
   * @return empty if no such pool exists
   * @throws BrokerException if the broker refuses or stays away
   */
  public Optional<CallTimeline> ask(CallQuestion question, Duration limit)
      throws InterruptedException {
    Optional<Broker.QueueDepth> tasks = broker.depth(names.tasks());
    return tasks.isEmpty()
        ? Optional.empty()
        : Optional.of(ask(question, limit, tasks.get().consumers()));
  }

  private CallTimeline ask(CallQuestion question, Duration limit, int workers)
      throws InterruptedException {
    String client = SecretIds.random();
    String queue = names.explain() + client;
    broker.declare(names.explainTopology(client));
    Answers answers = new Answers(time);
    Subscription subscription = broker.subscribe(queue, PREFETCH, answers::heard);
    try {
      List<String> notes = new ArrayList<>();
      List<Message> dead = searchDeadQueue(question, notes);
      CallQuestion narrowed = narrowed(question, dead);
      publish(narrowed, queue, answers, workers);
      answers.await(limit.toNanos());
      int consumers = answers.count() < workers ? Math.min(workers, consumers()) : workers;
      List<TimelineEvent> events = new ArrayList<>();
      dead.stream().filter(narrowed::isIn).map(CallTimelines::event).forEach(events::add);
      return timeline(events, notes, answers, consumers);
    } finally {
      subscription.cancel();
      delete(queue);
    }
  }

  /** A worker that restarts its consumer is counted twice for a moment. */
  private int consumers() {
    return broker.depth(names.tasks()).map(Broker.QueueDepth::consumers).orElse(0);
  }

  /** The id of a dead letter with one call stands for that call, not for all of its message. */
  private static CallQuestion narrowed(CallQuestion question, List<Message> dead) {
    return dead.stream()
        .filter(letter -> letter.id().equals(question.message()))
        .flatMap(letter -> CallQuestion.ofOnlyCall(letter).stream())
        .findFirst()
        .orElse(question);
  }

  private void publish(CallQuestion question, String queue, Answers answers, int workers) {
    if (workers > 0) {
      answers.expect(workers);
    }
    ExplainMessage message =
        new ExplainMessage(
            SecretIds.random(), queue, question.job(), question.calls(), question.message());
    broker
        .publish(new Route(names.control(), ""), message.toMessage())
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null || receipt == Broker.Receipt.UNROUTABLE) {
                log.debug("no worker was asked about a call: {}", receipt, failure);
                answers.expect(0);
              }
            });
  }

  private List<Message> searchDeadQueue(CallQuestion question, List<String> notes)
      throws InterruptedException {
    List<Message> found = new ArrayList<>();
    long[] read = {0};
    try {
      broker.browse(
          names.dead(),
          MAX_DEAD,
          message -> {
            read[0]++;
            if (found.size() < MAX_FOUND && question.isIn(message)) {
              found.add(message);
            }
          });
    } catch (BrokerException e) {
      notes.add("The dead-letter queue could not be read: " + e.getMessage() + ".");
    }
    if (read[0] >= MAX_DEAD) {
      notes.add("Only the first " + MAX_DEAD + " messages of the dead-letter queue were read.");
    }
    return found;
  }

  private static TimelineEvent event(Message message) {
    DeadLetter letter = DeadLetter.of(message);
    return new TimelineEvent(
        letter.diedAtMillis(),
        "dead queue",
        "dead_letter",
        letter.kind() + ": " + letter.summary() + " (id " + letter.id() + ")");
  }

  private CallTimeline timeline(
      List<TimelineEvent> events, List<String> notes, Answers answers, int workers) {
    answers.addTo(events);
    events.sort(Comparator.comparingLong(TimelineEvent::atMillis));
    List<ExplainAnswer.Task> tasks = answers.tasks();
    int asked = Math.max(workers, answers.count());
    if (answers.count() < asked) {
      notes.add((asked - answers.count()) + " of " + asked + " workers did not answer.");
    }
    int omitted = tasks.stream().mapToInt(ExplainAnswer.Task::omitted).sum();
    boolean held = tasks.stream().anyMatch(ExplainAnswer.Task::held);
    boolean running = tasks.stream().anyMatch(ExplainAnswer.Task::running);
    return new CallTimeline(events, asked, answers.count(), held, running, omitted, notes);
  }

  private void delete(String queue) {
    try {
      broker.delete(queue);
    } catch (BrokerException e) {
      log.debug("a queue for answers is left until the connection closes: {}", e.getMessage());
    }
  }
}
