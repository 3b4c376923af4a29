package dev.warren.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.pool.engine.Heard;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.testkit.ManualTime;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.control.Heartbeat;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LostTaskWatchTest {
  private final InMemoryBroker broker = InMemoryBroker.open();
  private final PoolNames names = new PoolNames("p");
  private final ManualTime time = new ManualTime();
  private final Heard heard = new Heard();
  private final OwnerIdentity owner = OwnerIdentity.create(names);
  private final PendingCalls table =
      new PendingCalls(task -> {}, task -> {}, PoolMeters.detached());
  private final WorkerRegistry registry = new WorkerRegistry(heard);
  private final LostTaskWatch watch =
      new LostTaskWatch(disturbed(), owner, 0, table, registry, table::endRest, time);
  private final List<FailureKind> ended = new ArrayList<>();
  private final List<Message> dead = new ArrayList<>();
  private @Nullable String lastMessage;
  private long sequence;
  private boolean away;
  // a confirm held back by an alarm; null without one
  private CompletableFuture<Broker.Receipt> unread;
  // echoes held back behind other bytes; null if none are
  private @Nullable List<Message> line;

  @BeforeEach
  void declare() {
    broker.declare(names.topology());
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private PendingTask sent(long first, long expiresAt) {
    Receiver receiver =
        (index, line) -> {
          ended.add(OutcomeLine.failure(line).kind());
          lastMessage = OutcomeLine.failure(line).message();
        };
    FunctionRef function = FunctionRef.parse("a.B::c", null);
    PendingTask task =
        new PendingTask(first, 2, 0, receiver, new CallTimes().of(function), expiresAt);
    table.add(task);
    task.sent(time.nanos());
    task.confirmed();
    return task;
  }

  private void beat(String... held) {
    beatOf("w", held);
  }

  private void beatOf(String worker, String... held) {
    beatOf(worker, 2000, held);
  }

  private void beatOf(String worker, int interval, String... held) {
    List<String> ids = List.of(held);
    Heartbeat beat =
        new Heartbeat(
            worker, "h", 1, ++sequence, 2, 0, ids, false, interval, false, 0, List.of(), 0);
    registry.heard(beat, time.nanos());
  }

  private void pass(int seconds, String... held) {
    for (int i = 0; i < seconds; i += 2) {
      time.pass(Duration.ofSeconds(2));
      beat(held);
      watch.look();
    }
  }

  private void consume() {
    broker.subscribe(names.tasks(), 1, delivery -> {});
    broker.subscribe(names.again(), 1, delivery -> {});
  }

  private void queue(String queue) {
    Message message = new Message("m", null, null, null, 4, Map.of(), Payload.of("[]"));
    broker.publish(Route.toQueue(queue), message).join();
  }

  @Test
  void a_task_that_nobody_holds_and_no_queue_has_is_lost() {
    consume();
    sent(1, 0);
    pass(12);
    assertThat(ended).isEmpty();
    pass(12);
    assertThat(ended).containsExactly(FailureKind.HOST_LOST, FailureKind.HOST_LOST);
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void an_empty_queue_without_consumers_may_have_lost_its_leader() {
    sent(1, 0);
    pass(120);
    assertThat(ended).isEmpty();
    consume();
    pass(24);
    assertThat(ended).hasSize(2);
  }

  @Test
  void a_task_whose_queue_has_gone_is_lost() {
    sent(1, 0);
    broker.delete(names.tasks());
    pass(24);
    assertThat(ended).hasSize(2);
  }

  @Test
  void a_task_partly_held_by_a_worker_is_not_lost() {
    sent(1, 0);
    sent(10, 0);
    pass(60, owner.taskId(1), owner.taskId(10) + "~w.1");
    assertThat(ended).isEmpty();
  }

  @Test
  void a_task_is_not_lost_while_anything_waits() {
    sent(1, 0);
    queue(names.tasks());
    pass(60);
    assertThat(ended).isEmpty();
  }

  @Test
  void a_task_is_not_lost_while_anything_waits_to_be_run_again() {
    broker.subscribe(names.tasks(), 1, delivery -> {});
    sent(1, 0);
    queue(names.again());
    pass(60);
    assertThat(ended).isEmpty();
  }

  @Test
  void a_task_is_not_lost_while_anything_waits_for_its_next_attempt() {
    sent(1, 0);
    broker.declare(names.delayTopology(51_200));
    Message message = new Message("m", null, null, null, 4, Map.of(), Payload.of("[]"));
    broker.publish(Route.toQueue(names.delay(51_200)), message).join();
    pass(60);
    assertThat(ended).isEmpty();
  }

  @Test
  void a_task_that_a_delay_queue_forwards_late_is_not_lost() {
    consume();
    broker.declare(names.delayTopology(51_200));
    sent(1, 0);
    pass(380);
    assertThat(ended).as("RabbitMQ tries again after 180 s, or twice that").isEmpty();
    pass(60);
    assertThat(ended).hasSize(2);
  }

  @Test
  void a_delay_queue_forwards_late_only_after_a_broker_outage() {
    consume();
    broker.declare(names.delayTopology(51_200));
    sent(1, 0);
    pass(1000, owner.taskId(1));
    pass(40);
    assertThat(ended).as("the broker was there all the time").hasSize(2);
    sent(10, 0);
    pass(1000, owner.taskId(10));
    away = true;
    pass(10);
    away = false;
    pass(370);
    assertThat(ended).hasSize(2);
    pass(60);
    assertThat(ended).hasSize(4);
  }

  @Test
  void a_task_that_may_return_from_a_lease_queue_is_not_lost() {
    consume();
    sent(1, 0);
    time.pass(broker.deliveryTimeout().dividedBy(2));
    away = true;
    pass(10);
    away = false;
    pass(370);
    assertThat(ended).isEmpty();
    pass(60);
    assertThat(ended).hasSize(2);
  }

  @Test
  void a_silent_worker_is_given_time() {
    consume();
    sent(1, 0);
    pass(4, owner.taskId(1));
    for (int i = 0; i < 30; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(ended).isEmpty();
    assertThat(heard.left).isEqualTo(1);
    for (int i = 0; i < 40; i++) {
      time.pass(Duration.ofSeconds(2));
      beatOf("another");
      watch.look();
    }
    assertThat(ended).hasSize(2);
  }

  @Test
  void a_call_is_not_lost_while_its_queue_has_a_consumer_and_nobody_is_heard() {
    consume();
    sent(1, 0);
    pass(4, owner.taskId(1));
    for (int i = 0; i < 300; i++) { // as after the events exchange was deleted and recreated
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(ended).isEmpty();
    pass(40, owner.taskId(1));
    assertThat(ended).isEmpty();
  }

  @Test
  void silence_while_other_bytes_arrive_proves_nothing_about_workers() {
    beat();
    line = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(heard.left).as("the echo waits behind results").isZero();
    beat(); // the heartbeats before the echo
    arrive();
    watch.look();
    assertThat(heard.left).isZero();
    for (int i = 0; i < 10; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(heard.left).as("nobody there after all").isEqualTo(1);
  }

  @Test
  void a_call_is_not_lost_while_its_heartbeat_may_be_behind_other_bytes() {
    consume();
    sent(1, 0);
    beat();
    line = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(ended).isEmpty();
    arrive();
    pass(40);
    assertThat(ended).as("nobody has it after all").hasSize(2);
  }

  @Test
  void an_echo_lost_with_a_connection_is_sent_again() {
    beat();
    line = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(line).hasSize(1);
    line = null;
    for (int i = 0; i < 100; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(heard.left).isEqualTo(1);
  }

  @Test
  void a_lost_worker_is_detected_at_once_on_a_busy_line() {
    beat();
    for (int i = 0; i < 5; i++) {
      time.pass(Duration.ofSeconds(2));
      beatOf("another");
      watch.look();
    }
    assertThat(heard.left).isEqualTo(1);
  }

  /** Everything on the slow line arrives. */
  private void arrive() {
    List<Message> all = line;
    line = null;
    all.forEach(watch::echoed);
  }

  @Test
  void silence_while_the_broker_does_not_read_proves_nothing_about_workers() {
    beat();
    unread = new CompletableFuture<>();
    for (int i = 0; i < 100; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(heard.left).isZero();
    unread.complete(Broker.Receipt.UNROUTABLE);
    unread = null;
    watch.look();
    time.pass(Duration.ofSeconds(2));
    watch.look();
    assertThat(heard.left).as("heartbeats that waited are on their way").isZero();
    for (int i = 0; i < 10; i++) {
      time.pass(Duration.ofSeconds(2));
      watch.look();
    }
    assertThat(heard.left).as("nobody there after all").isEqualTo(1);
  }

  /** Acts as the broker, which may be unreachable, and confirms nothing while input is unread. */
  private Broker disturbed() {
    return (Broker)
        Proxy.newProxyInstance(
            LostTaskWatchTest.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "connected" -> !away;
                  case "browse" -> shown(args);
                  case "publish" -> published(args, method.invoke(broker, args));
                  default -> method.invoke(broker, args);
                });
  }

  /**
   * Echoes come back at once, unless there is an alarm, or other bytes are on the line before them.
   */
  private Object published(Object[] args, Object answer) {
    boolean echo = args[0].equals(Route.toQueue(owner.eventsQueue()));
    if (unread != null || !echo) {
      return unread == null ? answer : unread;
    }
    if (line == null) {
      watch.echoed((Message) args[1]);
    } else {
      line.add((Message) args[1]);
    }
    return CompletableFuture.completedFuture(Broker.Receipt.CONFIRMED);
  }

  @SuppressWarnings("unchecked") // the signature of Broker.browse
  private @Nullable Object shown(Object[] args) {
    dead.forEach((Consumer<Message>) args[2]);
    return null;
  }

  @Test
  void a_task_that_the_broker_has_put_on_the_dead_queue_ends_with_its_reason() {
    consume();
    sent(1, 0);
    sent(10, 0);
    Map<String, Object> death = Map.of("reason", "expired", "queue", names.tasks());
    Map<String, Object> headers = Map.of("x-death", List.of(death));
    dead.add(new Message(owner.taskId(10), null, null, null, 4, headers, Payload.of("[]")));
    pass(24);
    assertThat(ended).startsWith(FailureKind.EXPIRED, FailureKind.EXPIRED);
    pass(24);
    assertThat(ended).as("the other one is lost").hasSize(4).endsWith(FailureKind.HOST_LOST);
  }

  @Test
  void a_process_that_stood_still_takes_no_call_for_lost_at_once() {
    consume();
    sent(1, 0);
    pass(4, owner.taskId(1));
    time.pass(Duration.ofMinutes(10));
    pass(12);
    assertThat(ended).isEmpty();
    pass(24);
    assertThat(ended).hasSize(2);
    assertThat(lastMessage).contains("this process was stopped for 602 s");
  }

  @Test
  void an_expired_task_that_no_worker_holds_ends() {
    sent(1, time.epochMillis() + 1000);
    sent(10, time.epochMillis() + 1000);
    beat(owner.taskId(10));
    time.pass(Duration.ofSeconds(2));
    watch.look();
    assertThat(ended).containsExactly(FailureKind.EXPIRED, FailureKind.EXPIRED);
  }

  private boolean readsResults = true;

  /** Looks every half second; workers answer each roll call with what they hold. */
  private int rollCalls(int halfSeconds, String[] workers, String... held) {
    List<String> asked = new ArrayList<>();
    String results = PoolNames.jobResults("j");
    RollCalls calls = new RollCalls(() -> asked.add("hello"), broker, results, registry, time);
    watch.askWith(calls);
    broker.declare(PoolNames.jobResultsTopology("j"));
    if (readsResults) {
      broker.subscribe(
          results,
          10,
          delivery -> {
            calls.echoed(delivery.message());
            delivery.ack();
          });
    }
    for (int i = 0; i < halfSeconds; i++) {
      int before = asked.size();
      watch.look();
      time.pass(Duration.ofMillis(500));
      if (asked.size() > before) {
        for (String worker : workers) {
          beatOf(worker, 10_000, held);
        }
      }
    }
    return asked.size();
  }

  private void sentLongAgo() {
    consume();
    sent(1, 0);
    time.pass(Duration.ofSeconds(6));
    beatOf("w", 10_000);
  }

  @Test
  void a_task_that_no_worker_names_in_two_roll_calls_is_lost_after_seconds() {
    sentLongAgo();
    assertThat(rollCalls(30, new String[] {"w"})).isEqualTo(2);
    assertThat(ended).containsExactly(FailureKind.HOST_LOST, FailureKind.HOST_LOST);
  }

  @Test
  void a_task_whose_outcome_may_still_wait_in_the_results_queue_is_not_lost() {
    readsResults = false;
    sentLongAgo();
    rollCalls(30, new String[] {"w"});
    assertThat(ended).isEmpty();
  }

  @Test
  void a_task_that_a_worker_names_in_a_roll_call_is_not_lost() {
    sentLongAgo();
    rollCalls(30, new String[] {"w"}, owner.taskId(1));
    assertThat(ended).isEmpty();
  }

  @Test
  void a_roll_call_that_a_worker_does_not_answer_proves_nothing() {
    sentLongAgo();
    beatOf("other", 10_000);
    assertThat(rollCalls(9, new String[] {"w"})).isEqualTo(1);
    assertThat(ended).isEmpty();
  }

  @Test
  void a_roll_call_before_every_consumer_is_known_proves_nothing() {
    sentLongAgo();
    broker.subscribe(names.tasks(), 1, delivery -> {});
    assertThat(rollCalls(9, new String[] {"w"})).isEqualTo(1);
    assertThat(ended).isEmpty();
  }
}
