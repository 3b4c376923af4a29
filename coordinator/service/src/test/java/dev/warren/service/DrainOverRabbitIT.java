package dev.warren.service;

import static dev.warren.service.ServiceClient.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.pool.Pool;
import dev.warren.service.browser.Browser;
import dev.warren.task.ChildContext;
import dev.warren.testkit.SharedBroker;
import dev.warren.worker.Worker;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A worker on a real broker is drained by a user of the page. */
@Timeout(120)
class DrainOverRabbitIT {
  private static final Duration SOON = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final PoolNames names = new PoolNames("drain-" + UUID.randomUUID());
  private RabbitBroker connection;
  private Worker worker;
  private CoordinatorService service;
  private ServiceClient client;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    String uri = SharedBroker.get().uri() + "?pool=" + names.pool();
    connection = RabbitBroker.open(BrokerUri.parse(uri), "drained", Duration.ofSeconds(20));
    WorkerConfig config =
        WorkerConfig.builder()
            .pool(names.pool())
            .processes(1)
            .context(ChildContext.threads())
            .heartbeat(WorkerConfig.SHORTEST_HEARTBEAT)
            .build();
    worker = Worker.start(config, connection, (WorkerEvent event) -> {});
    service =
        CoordinatorService.open(
            ServiceConfig.of(folder.resolve("store").toString()).port(0).build(),
            Pool.builder().uri(uri));
    service.start();
    client = new ServiceClient(service.port());
  }

  @AfterEach
  void close() {
    service.close();
    worker.close();
    connection.delete(names.tasks());
    connection.delete(names.dead());
    connection.close();
  }

  @Test
  void a_worker_is_drained_after_a_confirmation_and_the_page_shows_it() throws Exception {
    Path file = folder.resolve("now");
    client.submit("name=a&" + function("await"), "\"" + file + "\"\n");
    try (Browser browser = new Browser(service.port())) {
      browser.look(1440, 900, false);
      browser.open("");
      browser.awaitText("1 busy");
      String id = client.get("/workers").json().path("workers").get(0).path("id").asString();
      browser.open("#/?slot=" + id + ":0");
      browser.press("Drain this worker");
      browser.awaitText("Drain the worker on ");
      browser.press("Back");
      assertThat(client.get("/audit").json().path("actions")).isEmpty();
      browser.press("Drain this worker");
      browser.press("Drain");
      browser.awaitText(" drains: it takes no further calls.");
      await().atMost(SOON).until(this::drains);
      browser.awaitText("draining");
      browser.assertGood("a worker that drains");
      browser.open("#/doctor");
      browser.awaitText("What was done with this pool");
      browser.awaitText("drain the worker on ");
      JsonNode drained = client.get("/audit").json().path("actions").get(0);
      assertThat(drained.path("subject").asString()).isEqualTo("worker:" + id);
      browser.open("#/jobs/a");
      browser.awaitTrue("document.querySelector('.calls .state-running')");
      Files.createFile(file);
      browser.awaitTrue("document.querySelector('.calls .state-ok')");
      browser.open("");
      browser.awaitText("No worker");
    }
  }

  private boolean drains() throws Exception {
    return client.get("/workers").json().path("workers").get(0).path("draining").asBoolean();
  }
}
