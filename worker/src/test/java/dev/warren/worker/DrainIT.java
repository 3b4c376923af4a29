package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.Route;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.ChildContext;
import dev.warren.wire.Message;
import dev.warren.wire.control.Heartbeat;
import dev.warren.worker.config.WorkerConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages of a draining worker, and their order. */
class DrainIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String BEAT = "heartbeat";
  private static final String LEAVING = "leaving";
  private static final String OUTCOME = "outcome";
  private static final String CONFIRMED = "confirm of an outcome";

  @TempDir private Path folder;
  private final Broker broker = InMemoryBroker.open();
  private final TestOwner owner = new TestOwner(broker, "default");
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Worker worker = Worker.start(config(), listening(), event -> {});

  private static WorkerConfig config() {
    return WorkerConfig.builder()
        .processes(1)
        .context(ChildContext.threads())
        .heartbeat(WorkerConfig.SHORTEST_HEARTBEAT)
        .build();
  }

  @AfterEach
  void close() {
    worker.close();
    broker.close();
  }

  /** The broker as the worker sees it, which records its messages. */
  private Broker listening() {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, args) -> {
              boolean publishes = method.getName().equals("publish");
              String what = publishes ? what((Route) args[0], (Message) args[1]) : "";
              if (!what.isEmpty()) {
                said.add(what);
              }
              try {
                Object answer = method.invoke(broker, args);
                if (what.equals(OUTCOME)) {
                  var unused =
                      ((CompletionStage<?>) answer).thenAccept(receipt -> said.add(CONFIRMED));
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static String what(Route route, Message message) {
    if (Heartbeat.TYPE.equals(message.type())) {
      return Heartbeat.of(message).leaving() ? LEAVING : BEAT;
    }
    return route.key().startsWith("warren.results.") ? OUTCOME : "";
  }

  @Test
  void heartbeats_go_on_while_calls_end_and_the_last_one_follows_the_last_confirmed_outcome()
      throws Exception {
    Path file = folder.resolve("started");
    owner.submit("markAndWait", List.of(file.toString()), 1);
    await().atMost(SOON).until(() -> Files.exists(file));
    worker.drain();
    said.clear();
    await().atMost(SOON).until(() -> said.size() >= 3);
    assertThat(said).as("while the call runs").containsOnly(BEAT);
    Files.createFile(Path.of(file + ".go"));
    assertThat(worker.awaitStopped(SOON)).isTrue();
    assertThat(said.subList(said.indexOf(OUTCOME), said.size()))
        .filteredOn(what -> !what.equals(BEAT))
        .containsExactly(OUTCOME, CONFIRMED, LEAVING);
    assertThat(said.get(said.size() - 1)).isEqualTo(LEAVING);
    assertThat(owner.ended()).isEqualTo(1);
  }
}
