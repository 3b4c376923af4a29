package dev.warren.service;

import static dev.warren.service.ServiceClient.function;
import static dev.warren.service.ServiceClient.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.pool.Pool;
import dev.warren.service.browser.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in a real browser, on a service with two child processes. */
@Timeout(300)
class PageIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String TOKEN = "0123456789abcdef";

  /** What browsers call good is 0.1; what the eye does not see is far less. */
  private static final double STILL = 0.002;

  /** It takes 200 to 300 ms on a quiet machine. */
  private static final double FIRST_VIEW_MS = 1000;

  @TempDir private Path folder;
  private CoordinatorService service;
  private ServiceClient client;
  private Browser browser;

  private void start(String token) throws IOException {
    open(token, 0);
    client = new ServiceClient(service.port());
    browser = new Browser(service.port());
    browser.look(1440, 900, false);
  }

  private void open(String token, int port) throws IOException {
    ServiceConfig config =
        ServiceConfig.of(folder.resolve("store").toString())
            .port(port)
            .token(token)
            .grace(Duration.ofSeconds(2))
            .build();
    Pool.Builder pool = Pool.builder().uri("local:").processes(2).maxTasksPerChild(40);
    service = CoordinatorService.open(config, pool);
    service.start();
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (service != null) {
      service.close();
    }
  }

  private Path file() {
    return folder.resolve("now");
  }

  private void submitFailing(String job, int calls) throws Exception {
    String lines =
        IntStream.range(0, calls)
            .mapToObj(i -> i + " " + file() + "\n")
            .collect(Collectors.joining());
    client.submit("name=" + job + "&lines=text&chunk=1&" + function("failing"), lines);
  }

  private void awaitState(String job, String state) {
    await().atMost(SOON).until(() -> client.state(job).equals(state));
  }

  @Test
  void an_empty_pool_says_what_to_do_and_a_job_appears_by_itself() throws Exception {
    start(null);
    browser.open("");
    browser.awaitText("No jobs yet.");
    browser.awaitText("warren jobs submit");
    browser.awaitText("2 slots");
    browser.assertGood("now, without jobs");
    client.submit("name=slow&chunk=1&" + function("slowly"), numbers(20_000));
    browser.awaitText("slow");
    browser.awaitTrue("/[1-9]\\d* recycled/.test(document.body.innerText)");
    browser.assertGood("now, with a job");
    browser.press("slow");
    browser.awaitText("have an outcome");
    browser.press("Cancel");
    browser.awaitText("Cancel slow?");
    browser.press("Cancel the job");
    browser.awaitText("slow is being cancelled.");
    awaitState("slow", "cancelled");
    browser.awaitText("Canary retry");
    browser.assertGood("a cancelled job");
  }

  @Test
  void a_cause_is_opened_and_its_calls_are_retried_one_first() throws Exception {
    start(null);
    submitFailing("a", 200);
    awaitState("a", "failed");
    browser.open("#/jobs/a");
    browser.awaitText("Causes of failure");
    browser.awaitTrue("document.querySelector('.causes a')");
    browser.run("document.querySelector('.causes a').focus()");
    browser.type(Keys.ENTER);
    browser.awaitText("Samples");
    browser.assertGood("a cause");
    Files.createFile(file());
    browser.press("Canary retry");
    browser.awaitText("Retry one call first?");
    browser.press("Retry one call");
    browser.awaitText("One call runs again");
    await().atMost(SOON).until(() -> client.get("/jobs/a").json().path("succeeded").asInt() == 181);
    awaitState("a", "failed");
    browser.press("Retry group");
    browser.press("Retry");
    awaitState("a", "succeeded");
    browser.open("#/jobs/a");
    browser.awaitText("No call has failed.");
    browser.assertGood("a job that succeeded");
  }

  @Test
  void a_dialog_takes_the_focus_and_escape_gives_it_back() throws Exception {
    start(null);
    client.submit("name=slow&chunk=1&" + function("slowly"), numbers(20_000));
    browser.open("#/jobs/slow");
    browser.press("Cancel");
    browser.awaitText("Cancel slow?");
    assertThat(browser.focused().getText()).isEqualTo("Back");
    browser.type(Keys.ESCAPE);
    browser.awaitTrue("!document.querySelector('dialog[open]')");
    assertThat(browser.focused().getText()).isEqualTo("Cancel");
    assertThat(client.state("slow")).isEqualTo("running");
    browser.press("Pause");
    browser.awaitText("no further calls are published");
    awaitState("slow", "paused");
    browser.press("Resume");
    awaitState("slow", "running");
  }

  @Test
  void slots_are_reached_with_arrow_keys() throws Exception {
    start(null);
    browser.open("");
    browser.awaitTrue("document.querySelector('.board canvas')");
    browser.run("document.querySelector('.board').focus()");
    browser.type(Keys.ARROW_RIGHT);
    browser.type(Keys.ARROW_RIGHT);
    browser.awaitTrue("document.getElementById('slot-readout').textContent.includes('slot 1')");
    browser.type(Keys.ENTER);
    browser.awaitTrue("document.activeElement.matches('.drawer')");
    browser.awaitText("slot 1");
    browser.assertGood("a slot");
    browser.type(Keys.ESCAPE);
    browser.awaitTrue("!document.querySelector('.drawer')");
  }

  @Test
  void every_view_can_be_read_in_light_and_dark_and_on_a_phone() throws Exception {
    start(null);
    submitFailing("a", 200);
    awaitState("a", "failed");
    String cause =
        client.get("/jobs/a/causes").json().path("causes").get(0).path("cause").asString();
    List<String> views =
        List.of(
            "",
            "#/jobs",
            "#/jobs/a",
            "#/jobs/a?only=failed",
            "#/jobs/a/causes/" + cause,
            "#/jobs/a/calls/3",
            "#/jobs/nothing",
            "#/dead",
            "#/doctor",
            "#/nowhere");
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {1440, 390}) {
        browser.look(width, 844, dark);
        for (String view : views) {
          browser.open(view);
          browser.awaitTrue(
              "document.querySelector('main').innerText && !document.querySelector('.loading')");
          browser.assertGood(view + " " + width + (dark ? " dark" : " light"));
        }
      }
    }
  }

  @Tag("stress")
  @Test
  void nothing_moves_while_numbers_change() throws Exception {
    start(null);
    client.submit("name=slow&chunk=1&" + function("slowly"), numbers(20_000));
    for (String view : List.of("", "#/jobs", "#/jobs/slow")) {
      browser.open(view);
      browser.awaitFrames(3);
      double loaded = browser.shift();
      browser.awaitFrames(12);
      assertThat(browser.shift() - loaded)
          .as("%s: %s", view, browser.watched("shifts"))
          .isLessThan(STILL);
    }
  }

  @Test
  void a_page_is_grey_without_its_coordinator_and_finds_the_next_one() throws Exception {
    start(null);
    submitFailing("a", 200);
    awaitState("a", "failed");
    browser.open("#/jobs/a");
    browser.awaitText("200 of 200 calls have an outcome");
    int port = service.port();
    service.close();
    browser.awaitTrue("document.querySelector('.level-stale')");
    assertThat(browser.text()).contains("200 of 200 calls have an outcome");
    open(null, port);
    browser.awaitTrue("!document.querySelector('.level-stale')");
    browser.awaitText("200 of 200 calls have an outcome");
    assertThat(browser.watched("errors")).isEmpty();
  }

  @Test
  void the_first_view_is_there_at_once() throws Exception {
    start(null);
    client.submit("name=slow&chunk=1&" + function("slowly"), numbers(20_000));
    for (String view : List.of("", "#/jobs/slow")) {
      double best =
          IntStream.range(0, 6)
              .mapToDouble(
                  any -> {
                    browser.open(view);
                    return browser.firstView();
                  })
              .min()
              .orElseThrow();
      assertThat(best).as(view).isLessThan(FIRST_VIEW_MS);
    }
  }

  @Test
  void a_browser_signs_in_once() throws Exception {
    start(TOKEN);
    browser.open("");
    browser.awaitText("Sign in to Warren");
    browser.assertGood("sign-in");
    browser.type("wrong-wrong-wrong", Keys.ENTER);
    browser.awaitText("This is not the coordinator's token.");
    browser.run("document.getElementById('token').select()");
    browser.type(TOKEN, Keys.ENTER);
    browser.awaitText("2 slots");
    browser.open("#/jobs");
    browser.awaitText("No jobs yet.");
    browser.press("Sign out");
    browser.awaitText("Sign in to Warren");
  }
}
