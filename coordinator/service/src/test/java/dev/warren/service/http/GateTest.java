package dev.warren.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.TimeSource;
import dev.warren.service.RawRequest;
import dev.warren.service.RawRequest.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may read and write, as a real server on loopback answers. */
class GateTest {
  private static final String SECRET = "0123456789abcdef-secret";

  private final AtomicInteger writes = new AtomicInteger();
  private HttpServer server;

  @AfterEach
  void stop() throws InterruptedException {
    server.stop(Duration.ofSeconds(1));
  }

  private void start(String token) throws IOException {
    AccessToken access = token == null ? null : new AccessToken(token, TimeSource.SYSTEM);
    server =
        new HttpServer(
            new HttpServer.Settings("127.0.0.1", 0, access, "default"),
            List.of(
                Route.get("/read", request -> request.result("read")),
                Route.post(
                    "/write", request -> request.result("write " + writes.incrementAndGet())),
                Route.post("/in", request -> Sessions.start(request, access)).open(),
                Route.get("/open", request -> request.result("open")).open()));
    server.start();
  }

  private int read(String... headers) throws IOException {
    return send("GET /api/v1/read HTTP/1.1", headers).status();
  }

  private int write(String... headers) throws IOException {
    return send("POST /api/v1/write HTTP/1.1", headers).status();
  }

  private Answer send(String first, String... headers) throws IOException {
    List<String> head = new ArrayList<>(List.of(first));
    head.addAll(List.of(headers));
    if (head.stream().noneMatch(line -> line.startsWith("Host:"))) {
      head.add(host());
    }
    return RawRequest.send(server.port(), "", head.toArray(new String[0]));
  }

  private String host() {
    return "Host: localhost:" + server.port();
  }

  private String origin() {
    return "Origin: http://localhost:" + server.port();
  }

  @Test
  void without_a_token_programs_of_this_machine_may_do_everything() throws IOException {
    start(null);
    assertThat(read()).isEqualTo(200);
    assertThat(write()).isEqualTo(200);
    for (String host : List.of("127.0.0.1", "127.0.0.2:80", "[::1]:8765", "LOCALHOST")) {
      assertThat(read("Host: " + host)).as(host).isEqualTo(200);
    }
  }

  @Test
  void a_name_that_was_rebound_to_loopback_is_refused() throws IOException {
    start(null);
    for (String host :
        List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1")) {
      assertThat(read("Host: " + host)).as(host).isEqualTo(403);
      assertThat(write("Host: " + host)).as(host).isEqualTo(403);
    }
  }

  @Test
  void a_page_of_another_site_cannot_write() throws IOException {
    start(null);
    assertThat(write("Origin: http://evil.example")).isEqualTo(403);
    assertThat(write("Origin: http://evil.example", "X-Warren: 1")).isEqualTo(403);
    assertThat(write("Origin: null", "X-Warren: 1")).isEqualTo(403);
    assertThat(write("Origin: http://localhost:1", "X-Warren: 1")).isEqualTo(403);
    assertThat(write("Sec-Fetch-Site: cross-site")).isEqualTo(403);
    assertThat(write(origin())).isEqualTo(403);
    assertThat(writes).hasValue(0);
    assertThat(write(origin(), "X-Warren: 1")).isEqualTo(200);
  }

  @Test
  void with_a_token_it_is_needed_for_everything_but_open_routes() throws IOException {
    start(SECRET);
    assertThat(read()).isEqualTo(401);
    assertThat(write()).isEqualTo(401);
    assertThat(send("GET /api/v1/read HTTP/1.1").header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(send("GET /api/v1/open HTTP/1.1").body()).isEqualTo("open");
    for (String wrong : List.of("Bearer", "Bearer ", "Bearer " + SECRET + "x", "Basic " + SECRET)) {
      assertThat(read("Authorization: " + wrong)).as(wrong).isEqualTo(401);
    }
    assertThat(read("Authorization: Bearer " + SECRET)).isEqualTo(200);
    assertThat(read("Authorization: bearer " + SECRET, "Host: any.example")).isEqualTo(200);
    assertThat(write("Authorization: Bearer " + SECRET)).isEqualTo(200);
  }

  @Test
  void a_browser_signs_in_once_and_writes_only_from_the_own_page() throws IOException {
    start(SECRET);
    Answer in = send("POST /api/v1/in HTTP/1.1", origin(), "X-Warren: 1");
    String set = in.header("Set-Cookie");
    assertThat(set).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/");
    String cookie = "Cookie: " + set.substring(0, set.indexOf(';'));
    assertThat(read(cookie)).isEqualTo(200);
    assertThat(read(cookie.replaceFirst("=(\\d)", "=9$1"))).isEqualTo(401);
    assertThat(write(cookie)).isEqualTo(403);
    assertThat(write(cookie, origin())).isEqualTo(403);
    assertThat(write(cookie, "Origin: http://evil.example", "X-Warren: 1")).isEqualTo(403);
    assertThat(write(cookie, origin(), "X-Warren: 1")).isEqualTo(200);
    assertThat(writes).hasValue(1);
  }

  @Test
  void every_answer_has_the_security_headers() throws IOException {
    start(SECRET);
    for (String first :
        List.of(
            "GET /api/v1/open HTTP/1.1",
            "GET /api/v1/read HTTP/1.1",
            "GET /nowhere HTTP/1.1",
            "GET /%zz HTTP/1.1",
            "BAD HTTP")) {
      Answer answer = send(first);
      SecurityHeaders.ALL.forEach(
          (name, value) -> assertThat(answer.header(name)).as(first + name).isEqualTo(value));
      assertThat(answer.header("Server")).isEmpty();
    }
  }

  @Test
  void a_request_for_another_pool_is_refused() throws IOException {
    start(null);
    assertThat(read("X-Warren-Pool: default")).isEqualTo(200);
    assertThat(write("X-Warren-Pool: other")).isEqualTo(421);
    assertThat(writes).hasValue(0);
    assertThat(send("GET /api/v1/read HTTP/1.1", "X-Warren-Pool: other").body())
        .contains("this coordinator serves pool 'default', not 'other'");
  }
}
