package dev.warren.cli.management;

import dev.warren.broker.BrokerUri;
import dev.warren.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The HTTP interface of RabbitMQ's management plug-in, read only. Blocks. */
public final class ManagementApi {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final URI base;
  private final BrokerUri uri;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();

  /**
   * Creates a client without sending a request.
   *
   * @param base address of the interface; if it has no user, that of the broker's URI is used
   */
  public ManagementApi(URI base, BrokerUri uri) {
    this.base = base;
    this.uri = uri;
  }

  /** The host of the interface. */
  public String host() {
    return String.valueOf(base.getHost());
  }

  /** A queue of the URI's virtual host; null if it does not exist. */
  public @Nullable JsonNode queue(String name) throws IOException, InterruptedException {
    return get("/api/queues/" + encoded(uri.vhost()) + "/" + encoded(name));
  }

  /** All queues of the URI's virtual host; null if the virtual host does not exist. */
  public @Nullable JsonNode queues() throws IOException, InterruptedException {
    return get("/api/queues/" + encoded(uri.vhost()));
  }

  /** All queues of the URI's virtual host with the given columns only, separated by commas. */
  public @Nullable JsonNode queues(String columns) throws IOException, InterruptedException {
    return get("/api/queues/" + encoded(uri.vhost()) + "?columns=" + columns);
  }

  /** All bindings of the URI's virtual host; null if the virtual host does not exist. */
  public @Nullable JsonNode bindings() throws IOException, InterruptedException {
    return get("/api/bindings/" + encoded(uri.vhost()) + "?columns=source,destination");
  }

  /** Limits of the URI's virtual host: an array, empty if there are none. */
  public JsonNode vhostLimits() throws IOException, InterruptedException {
    return array("/api/vhost-limits/" + encoded(uri.vhost()));
  }

  /**
   * Limits of the URI's user: an array, empty if there are none or if this user may not read them.
   */
  public JsonNode userLimits() throws IOException, InterruptedException {
    return array("/api/user-limits/" + encoded(uri.user()));
  }

  private JsonNode array(String path) throws IOException, InterruptedException {
    try {
      JsonNode found = get(path);
      return found != null && found.isArray() ? found : Json.MAPPER.createArrayNode();
    } catch (Refused e) {
      return Json.MAPPER.createArrayNode(); // readable by administrators only
    }
  }

  /** The interface answers, but refuses access to this user. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Sends a GET request.
   *
   * @return null for status 404
   * @throws IOException if the interface is unreachable or answers with another error
   */
  public @Nullable JsonNode get(String path) throws IOException, InterruptedException {
    String login =
        base.getUserInfo() == null ? uri.user() + ":" + uri.password() : base.getUserInfo();
    String credentials = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(base.getScheme() + "://" + base.getHost() + port() + path))
            .timeout(LIMIT)
            .header("Authorization", "Basic " + credentials)
            .build();
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() == 404) {
      return null;
    }
    if (response.statusCode() == 401 || response.statusCode() == 403) {
      throw new Refused("answers " + response.statusCode() + " to " + path);
    }
    if (response.statusCode() != 200) {
      throw new IOException("answers " + response.statusCode() + " to " + path);
    }
    return Json.MAPPER.readTree(response.body());
  }

  private String port() {
    return base.getPort() < 0 ? "" : ":" + base.getPort();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
