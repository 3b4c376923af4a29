package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.task.Payload;
import dev.warren.testkit.SharedBroker;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands on a pool of a real broker. */
class PoolsCommandIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  private final PoolNames names = new PoolNames("pools-" + UUID.randomUUID());
  private RabbitBroker broker;

  @BeforeEach
  void fill() throws InterruptedException {
    BrokerUri uri = BrokerUri.parse(SharedBroker.get().uri());
    broker = RabbitBroker.open(uri, "pools test", Duration.ofSeconds(20));
    broker.declare(names.topology());
    broker.declare(names.delayTopology(3_276_800));
    send(names.tasks());
    send(names.tasks());
    send(names.again());
    send(names.delay(3_276_800));
    send(names.dead());
  }

  private void send(String queue) {
    Message message = new Message("m", null, null, null, 4, Map.of(), Payload.of("[]"));
    broker.publish(Route.toQueue(queue), message).join();
    await().atMost(SOON).until(() -> ready(queue) > 0);
  }

  private int ready(String queue) {
    return broker.depth(queue).orElseThrow().ready();
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private Result pools(String... args) {
    String[] all = new String[args.length + 5];
    String[] first = {"pools", args[0], "--broker", SharedBroker.get().uri(), "--pool"};
    System.arraycopy(first, 0, all, 0, 5);
    all[5] = names.pool();
    System.arraycopy(args, 1, all, 6, args.length - 1);
    return WarrenInside.run(Map.of(), all);
  }

  @Test
  void a_pool_is_emptied_and_removed_only_on_confirmation() throws Exception {
    Result asked = pools("purge");
    assertThat(asked.exit()).isEqualTo(2);
    assertThat(asked.err())
        .anyMatch(line -> line.contains("would delete 4 messages with waiting calls"));
    assertThat(pools("purge", "--yes").out()).startsWith("4 messages with waiting calls of pool '");
    assertThat(ready(names.tasks()) + ready(names.again()) + ready(names.delay(3_276_800)))
        .isZero();
    assertThat(ready(names.dead())).isEqualTo(1);
    Subscription worker = broker.subscribe(names.tasks(), 1, delivery -> {});
    await().atMost(SOON).until(() -> broker.depth(names.tasks()).orElseThrow().consumers() == 1);
    Result served = pools("drop", "--yes");
    assertThat(served.exit()).isEqualTo(2);
    assertThat(served.err()).anyMatch(line -> line.contains("has workers (1)"));
    worker.cancel();
    await().atMost(SOON).until(() -> broker.depth(names.tasks()).orElseThrow().consumers() == 0);
    broker.close();
    Result dropped = pools("drop", "--yes");
    assertThat(dropped.exit()).isZero();
    assertThat(dropped.out()).contains("with 0 messages of waiting and 1 of dead calls deleted");
    assertThat(SharedBroker.get().ctl("list_queues", "name")).doesNotContain(names.pool());
    assertThat(SharedBroker.get().ctl("list_exchanges", "name")).doesNotContain(names.pool());
    Result gone = pools("drop", "--yes");
    assertThat(gone.exit()).isEqualTo(2);
    assertThat(gone.err()).anyMatch(line -> line.contains("there is no pool '" + names.pool()));
  }
}
