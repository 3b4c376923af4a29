package dev.warren.service.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.service.RawRequest;
import dev.warren.service.RawRequest.Answer;
import dev.warren.service.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of the page, and how a real server on loopback sends them. */
class PageFilesTest {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:from '\\./|import\\('\\./|/assets/)([\\w.]+)");
  private static final int MAX_BYTES = 150 * 1024;
  private static final int MAX_LINES = 260;

  private final PageFiles page = PageFiles.load();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    HttpServer.Settings settings = new HttpServer.Settings("127.0.0.1", 0, null, "default");
    server = new HttpServer(settings, page.routes());
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.stop(Duration.ofSeconds(1));
  }

  private Answer send(String line, String... headers) throws IOException {
    List<String> head =
        Stream.concat(Stream.of(line + " HTTP/1.1", "Host: localhost"), Stream.of(headers))
            .toList();
    return RawRequest.send(server.port(), "", head.toArray(String[]::new));
  }

  private static List<Path> resources() throws Exception {
    Path index = Path.of(Objects.requireNonNull(PageFiles.class.getResource("index.html")).toURI());
    try (Stream<Path> files = Files.list(Objects.requireNonNull(index.getParent()))) {
      return files.filter(file -> !file.toString().endsWith(".class")).toList();
    }
  }

  private String text(String path) {
    return page.files().get(path).content().text();
  }

  @Test
  void all_files_of_the_folder_are_served_and_no_other() throws Exception {
    Set<String> names =
        resources().stream()
            .map(file -> String.valueOf(file.getFileName()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> listed = new TreeSet<>(PageFiles.OWN);
    listed.add("index.html");
    assertThat(names).isEqualTo(listed);
  }

  @Test
  void every_file_that_is_referred_to_exists() {
    Set<String> named = new TreeSet<>();
    for (String path : page.files().keySet()) {
      if (!path.contains("standalone") && !path.contains("uPlot")) {
        REFERENCE
            .matcher(text(path))
            .results()
            .map((MatchResult found) -> found.group(1))
            .forEach(named::add);
      }
    }
    assertThat(named).contains("app.js", "app.css", "standalone.module.js", "uPlot.iife.min.js");
    assertThat(page.files().keySet())
        .containsAll(named.stream().map(name -> "/assets/" + name).toList());
  }

  @Test
  void the_page_has_nothing_that_its_security_policy_forbids() {
    assertThat(text("/"))
        .doesNotContainPattern("<style|style=|\\son\\w+=|<script>|javascript:|data:|https?://");
    for (String name : PageFiles.OWN) {
      assertThat(text("/assets/" + name))
          .as(name)
          .doesNotContainPattern(
              "eval\\(|new Function|innerHTML|style=\"|data:|https?://(?!www.w3)");
    }
  }

  @Test
  void the_page_is_small() {
    int compressed = page.files().values().stream().mapToInt(f -> f.compressed().length()).sum();
    assertThat(compressed).isLessThan(MAX_BYTES);
    for (String name : PageFiles.OWN) {
      if (name.endsWith(".js")) {
        assertThat(text("/assets/" + name).lines()).as(name).hasSizeLessThan(MAX_LINES);
      }
    }
  }

  @Test
  void a_file_has_its_type_and_is_sent_once() throws IOException {
    Answer index = send("GET /");
    assertThat(index.status()).as(index.head()).isEqualTo(200);
    assertThat(index.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(index.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(index.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(index.body()).contains("<title>Warren</title>");
    Answer again = send("GET /", "If-None-Match: " + index.header("ETag"));
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(send("GET /assets/app.js").header("Content-Type"))
        .isEqualTo("text/javascript;charset=utf-8");
    assertThat(send("GET /assets/icon.svg").header("Content-Type")).isEqualTo("image/svg+xml");
    Answer compressed = send("GET /assets/app.css", "Accept-Encoding: gzip, br");
    assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(compressed.header("Content-Length"))
        .isEqualTo("" + page.files().get("/assets/app.css").compressed().length());
  }

  @Test
  void a_head_request_gets_the_same_head() throws IOException {
    Answer head = send("HEAD /assets/app.js");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("ETag")).isEqualTo(send("GET /assets/app.js").header("ETag"));
    assertThat(send("POST /").status()).isEqualTo(405);
  }

  @Test
  void no_other_file_can_be_reached() throws IOException {
    for (String path :
        List.of(
            "/assets/",
            "/assets/index.html",
            "/assets/PageFiles.class",
            "/assets/../openapi.yaml",
            "/assets/%2e%2e/openapi.yaml",
            "/assets/..%2fopenapi.yaml",
            "/assets/%2e%2e%2fopenapi.yaml",
            "/assets//app.js/../../openapi.yaml",
            "/META-INF/MANIFEST.MF",
            "/favicon.ico")) {
      Answer answer = send("GET " + path);
      assertThat(answer.status()).as(path).isIn(400, 404);
      assertThat(answer.header("Content-Type")).as(path).isEqualTo("application/problem+json");
    }
  }
}
