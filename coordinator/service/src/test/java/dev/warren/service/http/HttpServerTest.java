package dev.warren.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.broker.BrokerException;
import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.StoreException;
import dev.warren.json.Json;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.service.RawRequest;
import dev.warren.service.RawRequest.Answer;
import dev.warren.task.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Errors, limits and the stop of a real server on loopback. */
class HttpServerTest {
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = server(0);
    server.start();
  }

  private HttpServer server(int port) {
    return new HttpServer(
        new HttpServer.Settings("127.0.0.1", port, null, "default"),
        List.of(
            Route.get(
                "/fails",
                request -> {
                  throw failure.get();
                }),
            Route.get(
                "/breaks",
                request -> {
                  request.res().getOutputStream().write(1);
                  request.res().getOutputStream().flush();
                  throw new IllegalStateException("in the middle");
                }),
            Route.post(
                "/refuses",
                request -> {
                  throw Problem.conflict("no");
                }),
            Route.get(
                "/watches",
                request -> {
                  request.res().flushBuffer();
                  asked.countDown();
                  while (!Connections.isGone(request)) {
                    Thread.onSpinWait();
                  }
                  gone.countDown();
                }),
            Route.get(
                "/waits",
                request -> {
                  asked.countDown();
                  answer.await();
                  request.result("done");
                })));
  }

  @AfterEach
  void stop() throws InterruptedException {
    answer.countDown();
    server.stop(Duration.ofSeconds(1));
  }

  private Answer get(String path) throws IOException {
    return RawRequest.send(server.port(), "", "GET " + path + " HTTP/1.1", "Host: localhost");
  }

  private void assertProblem(Answer answer, int status, String detail) {
    assertThat(answer.status()).as(answer.head()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    JsonNode problem = Json.read(Payload.of(answer.body()), JsonNode.class);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("type").asString()).isEqualTo("about:blank");
    assertThat(problem.path("detail").asString()).contains(detail);
  }

  private void assertFailure(Exception thrown, int status, String detail) throws IOException {
    failure.set(thrown);
    assertProblem(get("/api/v1/fails"), status, detail);
  }

  @Test
  void what_goes_wrong_is_a_problem_document_with_its_sentence() throws IOException {
    assertFailure(Problem.notFound("there is no x"), 404, "there is no x");
    assertFailure(new IllegalArgumentException("arity is 9"), 400, "arity is 9");
    assertFailure(new JobExistsException("taken"), 409, "taken");
    assertFailure(new StoreException("the store is away", null), 503, "the store is away");
    assertFailure(
        new StoreException("store x cannot be written: the disk is full", null),
        507,
        "disk is full");
    assertFailure(new BrokerException("no broker"), 503, "no broker");
    assertProblem(get("/api/v1/nothing"), 404, "openapi.yaml");
    assertProblem(get("/api/v1/refuses"), 405, "openapi.yaml");
  }

  @Test
  void a_defect_shows_neither_its_message_nor_its_stack() throws IOException {
    failure.set(new IllegalStateException("secret at line 7"));
    Answer answer = get("/api/v1/fails");
    assertProblem(answer, 500, "its log says more");
    assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
    failure.set(new IllegalArgumentException());
    assertProblem(get("/api/v1/fails"), 500, "its log says more");
  }

  @Test
  void an_answer_that_fails_in_its_middle_is_cut() throws IOException {
    Answer answer = get("/api/v1/breaks");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain("\r\n0\r\n");
  }

  @Test
  @Timeout(60)
  void an_answer_that_waits_notices_that_its_client_is_gone() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      client
          .getOutputStream()
          .write("GET /api/v1/watches HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      asked.await();
      assertThat(gone.getCount()).isEqualTo(1);
    }
    gone.await();
  }

  @Test
  void long_headers_and_bad_requests_are_refused() throws IOException {
    Answer longHeader =
        RawRequest.send(
            server.port(), "", "GET / HTTP/1.1", "Host: localhost", "X: " + "x".repeat(20_000));
    assertProblem(longHeader, 431, "16384 bytes");
    assertProblem(get("/" + "x".repeat(20_000)), 414, "16384 bytes");
    assertProblem(get("/%zz"), 400, "not valid HTTP");
    assertProblem(RawRequest.send(server.port(), "", "NONSENSE"), 400, "not valid HTTP");
  }

  @Test
  void a_refusal_reaches_a_client_that_is_still_sending() throws IOException {
    Answer answer =
        RawRequest.send(
            server.port(),
            "x".repeat(20 << 20),
            "POST /api/v1/refuses HTTP/1.1",
            "Host: localhost");
    assertProblem(answer, 409, "no");
  }

  @Test
  void a_stop_lets_the_running_answer_end() throws Exception {
    AtomicReference<Answer> got = new AtomicReference<>();
    Thread client =
        NamedThreads.start(
            "client",
            () -> {
              try {
                got.set(get("/api/v1/waits"));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    asked.await();
    Thread stopper =
        NamedThreads.start(
            "stopper",
            () -> {
              try {
                server.stop(Duration.ofSeconds(20));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (!server.isStopping()) {
      Thread.onSpinWait();
    }
    assertProblem(get("/api/v1/waits"), 503, "is stopping");
    answer.countDown();
    client.join();
    stopper.join();
    assertThat(got.get().body()).isEqualTo("done");
  }

  @Test
  void a_port_in_use_is_named() {
    assertThatThrownBy(() -> server(server.port()).start())
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on 127.0.0.1:" + server.port() + ": the port is in use");
  }
}
