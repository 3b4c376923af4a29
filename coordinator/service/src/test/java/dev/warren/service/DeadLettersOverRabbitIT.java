package dev.warren.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.pool.Pool;
import dev.warren.service.ServiceClient.Answer;
import dev.warren.service.browser.Browser;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.SharedBroker;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** Dead letters of a real queue over HTTP; no worker consumes what is redriven. */
@Timeout(120)
class DeadLettersOverRabbitIT {
  @TempDir private Path folder;
  private final PoolNames names = new PoolNames("dead-" + UUID.randomUUID());
  private RabbitBroker broker;
  private CoordinatorService service;
  private ServiceClient client;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    broker =
        RabbitBroker.open(
            BrokerUri.parse(SharedBroker.get().uri()), "dead test", Duration.ofSeconds(20));
    broker.declare(names.topology());
    ServiceConfig config = ServiceConfig.of(folder.resolve("store").toString()).port(0).build();
    service =
        CoordinatorService.open(
            config, Pool.builder().uri(SharedBroker.get().uri() + "?pool=" + names.pool()));
    service.start();
    client = new ServiceClient(service.port());
  }

  @AfterEach
  void close() {
    service.close();
    broker.delete(names.dead());
    broker.delete(names.tasks());
    broker.close();
  }

  private void deadLetter(int number) throws InterruptedException {
    RemoteFailure failure =
        RemoteFailure.of(FailureKind.FAILED, "because", 3)
            .withWhere(new RemoteFailure.Where("host-b", 42, "w-1-1"));
    Map<String, Object> headers =
        Map.of(
            Headers.WARREN_VERSION,
            1,
            Headers.FUNCTION,
            "com.acme.Stats::score",
            Headers.CALLS,
            Integer.toString(number),
            Headers.CAUSE,
            OutcomeLine.of(failure).text(),
            Headers.DIED_AT_MS,
            1_700_000_000_000L);
    Payload body = Payload.of("[" + number + "]");
    var unused =
        broker.publish(
            Route.toQueue(names.dead()),
            new Message("t" + number, null, null, null, 4, headers, body));
    assertThat(broker.flush(Duration.ofSeconds(30))).isTrue();
  }

  private int ready(String queue) {
    return broker.depth(queue).orElseThrow().ready();
  }

  private Answer post(String path, String body) throws IOException, InterruptedException {
    return client.send("POST", path, "", BodyPublishers.ofString(body));
  }

  @Test
  void dead_letters_are_listed_redriven_and_dropped() throws Exception {
    for (int i = 0; i < 4; i++) {
      deadLetter(i);
    }
    await().until(() -> ready(names.dead()) == 4);
    JsonNode list = client.get("/dead", "limit=3").json();
    assertThat(list.path("count").asInt()).isEqualTo(4);
    assertThat(list.path("letters")).hasSize(3);
    JsonNode letter = list.path("letters").path(0);
    assertThat(letter.path("id").asString()).isEqualTo("t0");
    assertThat(letter.path("host").asString()).isEqualTo("host-b");
    assertThat(letter.path("arguments").asString()).isEqualTo("[0]");
    assertThat(letter.path("evidence").path("message").asString()).isEqualTo("because");
    JsonNode redriven = post("/dead/redrive", "{\"ids\":[\"t1\",\"none\"]}").json();
    assertThat(redriven.path("redriven").asInt()).isEqualTo(1);
    await().until(() -> ready(names.tasks()) == 1);
    assertThat(post("/dead/drop", "{\"all\":true}").json().path("dropped").asInt()).isEqualTo(3);
    await().until(() -> ready(names.dead()) == 0);
    JsonNode actions = client.get("/audit").json().path("actions");
    assertThat(actions.findValuesAsString("what"))
        .containsExactly("drop 3 dead letters", "redrive 1 dead letter");
  }

  @Test
  void the_page_shows_them_and_redrives_the_chosen_one() throws Exception {
    deadLetter(1);
    deadLetter(2);
    await().until(() -> ready(names.dead()) == 2);
    try (Browser browser = new Browser(service.port())) {
      browser.open("#/dead");
      browser.awaitText("because");
      browser.assertGood("dead letters");
      browser.awaitTrue("document.querySelector('.letter input')");
      browser.run("document.querySelector('.letter input').focus()");
      browser.type(Keys.SPACE);
      browser.press("Redrive 1");
      browser.awaitText("Redrive 1 message?");
      browser.press("Redrive");
      browser.awaitText("1 message went back to the queue.");
      await().until(() -> ready(names.tasks()) == 1 && ready(names.dead()) == 1);
      browser.awaitText("What was done with dead letters");
      browser.awaitText("redrive 1 dead letter");
      browser.assertGood("dead letters, with what was done");
      browser.open("#/doctor");
      browser.awaitTrue("document.querySelector('.checks li') || document.querySelector('.empty')");
      browser.awaitText("What was done with this pool");
      browser.assertGood("doctor");
    }
  }

  @Test
  void unclear_selection_is_refused_and_changes_nothing() throws Exception {
    deadLetter(1);
    await().until(() -> ready(names.dead()) == 1);
    for (String body :
        new String[] {"", "{}", "[]", "{\"ids\":[]}", "{\"ids\":[\"t1\"],\"all\":true}"}) {
      Answer answer = post("/dead/drop", body);
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.detail()).as(body).startsWith("the body must");
    }
    assertThat(ready(names.dead())).isEqualTo(1);
  }
}
