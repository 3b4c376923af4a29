package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;

import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.FaultyProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Network faults of the connections of workers and pools; the broker itself does not fail. */
final class ConnectionScenarios {
  private static final String WHAT_THEY_HELD = "calls held over a lost connection";

  /** Interval of AMQP heartbeats; a fault is detected after two missing ones. */
  private static final String SOON_NOTICED = "&heartbeat=5";

  private ConnectionScenarios() {}

  static List<Scenario> all() {
    return List.of(
        again("connections are cut again and again", FaultyProxy::cut),
        again("connections are reset again and again", FaultyProxy::reset),
        resetInFrames(),
        halfOpen("a worker's connection goes silent, and is not closed", Direction.values()),
        halfOpen(
            "a worker hears nothing from the broker, which hears the worker", Direction.TO_CLIENT),
        halfOpen(
            "the broker hears nothing from a worker, which hears the broker", Direction.TO_SERVER),
        slow(),
        poolCutOff(),
        noBrokerAtFirst());
  }

  private static Scenario again(String name, Consumer<FaultyProxy> fault) {
    return named(name)
        .mayRunTwice(WHAT_THEY_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.WORK_5_MS, 600);
              for (int ended = 50; ended <= 400; ended += 50) {
                stage.awaitEnded(ended);
                stage.fault();
                fault.accept(one(stage));
              }
              stage.awaitAllEndedAndTaken();
            });
  }

  private static FaultyProxy one(Stage stage) {
    List<FaultyProxy> all = stage.proxies();
    return all.get(stage.random().nextInt(all.size()));
  }

  private static Scenario resetInFrames() {
    return named("connections are reset in the middle of frames")
        .mayRunTwice(WHAT_THEY_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.WORK_5_MS, 600);
              for (int ended = 50; ended <= 400; ended += 50) {
                stage.awaitEnded(ended);
                stage.fault();
                one(stage).resetAfter(1 + stage.random().nextInt(3000));
              }
              stage.awaitAllEndedAndTaken();
            });
  }

  private static Scenario halfOpen(String name, Direction... silent) {
    return named(name)
        .mayRunTwice(WHAT_THEY_HELD)
        .play(
            stage -> {
              FaultyProxy weak = stage.newProxy();
              stage.startWorkerAt(stage.uri(weak) + SOON_NOTICED).awaitServing();
              stage.startWorkers(1);
              Pool pool = stage.openPool(builder -> builder);
              stage.awaitSlots(pool, 4);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 300);
              stage.awaitEnded(50);
              stage.fault();
              for (Direction direction : silent) {
                weak.stall(direction);
              }
              stage.awaitAllEnded();
              weak.unstall();
              // it must be usable again
              stage.awaitSlots(pool, 4);
              stage.calls().submit(pool, Deed.NOTHING, 20);
              stage.awaitAllEndedAndTaken();
            });
  }

  private static Scenario slow() {
    return named("every packet is late by 100 ms")
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.fault();
              stage.proxies().forEach(proxy -> proxy.delay(Duration.ofMillis(100)));
              stage.calls().submit(pool, Deed.WORK_5_MS, 200);
              stage.awaitAllEnded();
              stage.proxies().forEach(proxy -> proxy.delay(Duration.ZERO));
            });
  }

  private static Scenario poolCutOff() {
    return named("a pool is cut off while calls are submitted, for 5 s")
        .mayRunTwice("nothing, but messages may arrive twice")
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.WORK_5_MS, 100);
              stage.awaitEnded(20);
              stage.fault();
              stage.poolProxy().refuse();
              stage.calls().submit(pool, Deed.WORK_5_MS, 100);
              stage.pass(Duration.ofSeconds(5));
              stage.poolProxy().accept();
              stage.awaitAllEndedAndTaken();
            });
  }

  private static Scenario noBrokerAtFirst() {
    return named("a worker is started before its broker")
        .play(
            stage -> {
              FaultyProxy door = stage.newProxy();
              door.refuse();
              WorkerHost early = stage.startWorkerAt(stage.uri(door));
              stage.awaitThat(
                  "it says that it waits", () -> early.log().contains("retrying until it answers"));
              Pool pool = stage.openPool(builder -> builder);
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.fault();
              door.accept();
              early.awaitServing();
              stage.awaitAllEndedAndTaken();
            });
  }
}
