package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import dev.warren.task.Backoff;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.BrokerAlarm;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.ForgottenConsumers;
import dev.warren.testkit.QueueAway;
import dev.warren.testkit.RabbitVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A broker that fails, runs out of memory or disk space, or whose objects and rules are changed.
 */
final class BrokerScenarios {
  private static final String WHAT_WAS_HELD = "calls held as it went";

  private BrokerScenarios() {}

  static List<Scenario> all() {
    return List.of(
        away("the broker is stopped for a few seconds in the middle of a job", false),
        away("the broker is killed with SIGKILL in the middle of a job", true),
        alarm("the broker's memory alarm is on for 15 s", BrokerAlarm.MEMORY),
        alarm("the broker's disk alarm is on for 15 s", BrokerAlarm.DISK),
        tasksDeleted(),
        tasksDeletedWhileRunning(),
        tasksAway(),
        resultsDeleted(),
        resultsLimited(),
        exchangesMadeAnew(),
        consumersForgotten(),
        deliveryTimeout(),
        givenUpByBroker(),
        permissions(),
        password(),
        virtualHostGone());
  }

  private static Scenario away(String name, boolean kill) {
    return named(name)
        .on(On.OWN_EVERY_VERSION)
        .within(Duration.ofMinutes(4))
        .mayRunTwice(WHAT_WAS_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.WORK_5_MS, 800);
              stage.awaitEnded(100);
              stage.fault();
              if (kill) {
                stage.broker().kill();
              } else {
                stage.broker().stop();
              }
              stage.calls().submit(pool, Deed.WORK_5_MS, 100);
              stage.pass(Duration.ofSeconds(2));
              stage.broker().restart();
              stage.awaitAllEndedAndTaken();
            });
  }

  /** Longer than the time after which a silent worker and its calls are considered lost. */
  private static Scenario alarm(String name, BrokerAlarm alarm) {
    return named(name)
        .on(On.OWN_EVERY_VERSION)
        .within(Duration.ofMinutes(2))
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              stage.server().evaluate(alarm.raising());
              try {
                stage.calls().submit(pool, Deed.WORK_5_MS, 50);
                stage.awaitThat(
                    "the worker says so",
                    () -> stage.workers().get(0).log().contains("stopped reading"));
                stage.pass(Duration.ofSeconds(15));
                // the first message published triggers the report of the alarm, and is accepted
                assertThat(stage.calls().ended()).as("calls ended meanwhile").isLessThan(52);
              } finally {
                stage.server().evaluate(alarm.clearing());
              }
              stage.awaitAllEnded();
            });
  }

  private static Scenario tasksDeleted() {
    return named("the task queue is deleted with 20 calls in it")
        .on(On.EVERY_VERSION)
        .ends(FailureKind.HOST_LOST, 20)
        .play(
            stage -> {
              Pool pool = stage.openPool(builder -> builder);
              stage.calls().submit(pool, Deed.NOTHING, 20);
              stage.awaitThat("they wait", () -> stage.waitingTasks() > 0);
              stage.fault();
              delete(stage, stage.names().tasks());
              stage.awaitAllEnded();
              stage.startWorkers(1);
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  private static Scenario tasksDeletedWhileRunning() {
    return named("the task queue is deleted while its calls run")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              delete(stage, stage.names().tasks());
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  /**
   * As on a server that starts a delay queue before the task queue. The broker retries 180 s later
   * by default, and the messages are invisible until then. More messages than the queue forwards at
   * a time (32).
   */
  private static Scenario tasksAway() {
    long step = 12_800;
    Backoff backoff = Backoff.fixed(Duration.ofMillis(step + 200));
    return named("the queue of what runs next is away when 40 calls are due for it")
        .on(On.OWN_EVERY_VERSION)
        .within(Duration.ofMinutes(4))
        .mayRunTwice("each, after its failure")
        .play(
            stage -> {
              stage
                  .server()
                  .evaluate(
                      "application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout,"
                          + " 45000).");
              stage.startWorkers(1);
              TaskOptions twice = TaskOptions.builder().maxAttempts(2).backoff(backoff).build();
              Pool pool = stage.openPool(builder -> builder.options(twice));
              stage.awaitSlots(pool, 2);
              String delay = stage.names().delay(step);
              stage.calls().submit(pool, Deed.OVERFLOW_STACK, 40);
              stage.awaitThat("all are put off", () -> stage.waiting(delay) == 40);
              stage.awaitThat("no worker has any", () -> stage.unsettledTasks() == 0);
              stage.fault();
              String again = stage.names().again();
              stage.server().evaluate(QueueAway.stopping(stage.virtualHost(), again));
              stage.pass(Duration.ofMillis(step)); // all delays are over
              stage.server().evaluate(QueueAway.starting(stage.virtualHost(), again));
              stage.awaitAllEnded();
            });
  }

  private static Scenario resultsDeleted() {
    return named("a pool's results queue is deleted in the middle of a job")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              String results =
                  stage.server().contents(stage.virtualHost()).queues().keySet().stream()
                      .filter(name -> name.startsWith("warren.results."))
                      .findFirst()
                      .orElseThrow();
              stage.fault();
              delete(stage, results);
              stage.awaitAllEnded();
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  private static Scenario resultsLimited() {
    return named("a policy keeps results queues to five messages")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              stage.policy("small", "^warren\\.results\\.", "{\"max-length\":5}");
              Pool pool = stage.open(2);
              stage.fault();
              stage.calls().submit(pool, Deed.NOTHING, 2000);
              stage.awaitAllEnded();
            });
  }

  /** An unreported fault: the bindings are gone, but all connections and consumers stay. */
  private static Scenario exchangesMadeAnew() {
    return named("the control and events exchanges are deleted and recreated while calls run")
        .on(On.EVERY_VERSION)
        .ends(FailureKind.CANCELLED, 1)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              AsyncResult<Integer> hung = stage.calls().submit(pool, Deed.HANG);
              stage.awaitDeed(0);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 10);
              stage.fault();
              String uri = stage.server().uri(stage.server().port(), stage.virtualHost());
              try (ForeignProducer operator = ForeignProducer.connect(uri)) {
                operator.deleteExchange(stage.names().control());
                operator.deleteExchange(stage.names().events());
                operator.declareExchange(stage.names().control(), "fanout");
                operator.declareExchange(stage.names().events(), "topic");
              }
              stage.awaitEnded(10); // longer than a worker's heartbeats may be missing
              hung.cancel(true);
              assertThat(hung.cancelEffect().get(1, TimeUnit.MINUTES))
                  .isEqualTo(AsyncResult.CancelEffect.STOPPED);
              stage.awaitAllEnded();
            });
  }

  private static void delete(Stage stage, String queue) throws InterruptedException {
    stage
        .server()
        .evaluate(
            """
            {ok, Queue} = rabbit_amqqueue:lookup(
              {resource, <<"%s">>, queue, <<"%s">>}),
            element(1, rabbit_amqqueue:delete(Queue, false, false, <<"chaos">>)).\
            """
                .formatted(stage.virtualHost(), queue));
  }

  private static Scenario consumersForgotten() {
    return named("the task queue forgets its consumers, and nobody is told")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
              stage.fault();
              stage
                  .server()
                  .evaluate(
                      ForgottenConsumers.expression(stage.virtualHost(), stage.names().tasks()));
              stage.calls().submit(pool, Deed.NOTHING, 20);
              stage.awaitAllEnded();
            });
  }

  private static Scenario deliveryTimeout() {
    return named("calls run for longer than the broker's delivery timeout")
        .on(On.OWN_EVERY_VERSION)
        .play(
            stage -> {
              stage.server().evaluate(timeout(1500, 500));
              try {
                if (stage.server().version() != RabbitVersion.V3_10) {
                  stage.policy("timeout", "^warren\\.", "{\"consumer-timeout\":1500}");
                }
                Pool pool = stage.open(1);
                stage.fault();
                stage.calls().submit(pool, Deed.SLEEP_4_S, 4);
                stage.awaitAllEnded();
                // from 4.3 on the consumer's argument applies; before that, the broker's limit
                // expires first
                assertThat(stage.workers().get(0).log().contains("; restarting the consumer"))
                    .as("its consumer was cancelled: %s", stage.workers().get(0).log())
                    .isFalse();
              } finally {
                stage.server().evaluate(timeout(1_800_000, 60_000));
              }
            });
  }

  private static String timeout(int millis, int tick) {
    return """
    application:set_env(rabbit, consumer_timeout, %d),
    application:set_env(rabbit, channel_tick_interval, %d).\
    """
        .formatted(millis, tick);
  }

  /** The queue's own limit is 100 deliveries; the lower limit of a policy applies. */
  private static Scenario givenUpByBroker() {
    return named("a policy has the broker give up what is delivered twice")
        .on(On.EVERY_VERSION)
        // the worker's last heartbeat may have listed the call
        .within(Duration.ofMinutes(3))
        .ends(FailureKind.HOST_LOST, 1)
        .parked(1)
        .play(
            stage -> {
              stage.policy("once", "\\.tasks$", "{\"delivery-limit\":0}");
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.HANG);
              stage.awaitDeed(0);
              stage.fault();
              stage.workers().get(0).kill();
              stage.startWorkers(1);
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  private static Scenario permissions() {
    return named("the permissions are withdrawn for a while")
        .on(On.EVERY_VERSION)
        .mayRunTwice(WHAT_WAS_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              permit(stage, "^$");
              stage.awaitThat(
                  "the worker says so",
                  () -> stage.workers().get(0).log().contains("set_permissions"));
              permit(stage, ".*");
              stage.awaitAllEnded();
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  private static void permit(Stage stage, String pattern) throws InterruptedException {
    stage
        .server()
        .evaluate(
            """
            rabbit_auth_backend_internal:set_permissions(
              <<"warren">>, <<"%1$s">>, <<"%2$s">>, <<"%2$s">>, <<"%2$s">>, <<"chaos">>).\
            """
                .formatted(stage.virtualHost(), pattern));
  }

  private static Scenario password() {
    return named("a worker's password is changed, its connection lost, and the password restored")
        .mayRunTwice(WHAT_WAS_HELD)
        .play(
            stage -> {
              String user = "user-" + stage.virtualHost();
              user(stage, "add_user", user, "right");
              stage
                  .server()
                  .evaluate(
                      """
                      rabbit_auth_backend_internal:set_permissions(
                        <<"%s">>, <<"%s">>, <<".*">>, <<".*">>, <<".*">>, <<"chaos">>).\
                      """
                          .formatted(user, stage.virtualHost()));
              var proxy = stage.newProxy();
              String uri = stage.uri(proxy).replaceFirst("//[^@]*@", "//" + user + ":right@");
              WorkerHost worker = stage.startWorkerAt(uri);
              worker.awaitServing();
              Pool pool = stage.openPool(builder -> builder);
              stage.awaitSlots(pool, 2);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              user(stage, "change_password", user, "other");
              proxy.cut();
              stage.awaitThat("it says so", () -> worker.log().contains("wrong name or password"));
              user(stage, "change_password", user, "right");
              stage.awaitAllEnded();
            });
  }

  private static void user(Stage stage, String what, String name, String password)
      throws InterruptedException {
    stage
        .server()
        .evaluate(
            "rabbit_auth_backend_internal:%s(<<\"%s\">>, <<\"%s\">>, <<\"chaos\">>)."
                .formatted(what, name, password));
  }

  private static Scenario virtualHostGone() {
    return named("the virtual host is deleted while calls run, and made again")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              stage.server().removeVirtualHost(stage.virtualHost());
              stage.pass(Duration.ofSeconds(1));
              stage.server().addVirtualHost(stage.virtualHost());
              stage.awaitAllEnded();
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }
}
