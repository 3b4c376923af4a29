package dev.warren.testkit;

import dev.warren.testkit.server.PrivateBroker;
import dev.warren.testkit.server.ServerInstallation;
import dev.warren.testkit.server.ServerSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;

/**
 * The versions of RabbitMQ that Warren is tried on, without Docker: the installed server where it
 * is of that version, else one from a folder that {@code .ci/rabbitmq-versions.sh} makes (as root
 * on Debian). A test that asks for one that is not there fails and says so. Thread-safe.
 *
 * <pre>
 * PrivateBroker broker = SharedBroker.of(RabbitVersion.V4_3);  // one per version and test JVM
 * PrivateBroker own = RabbitVersion.V4_0.start("consumer_timeout = 5000");
 * PrivateBroker page = PrivateBroker.start(RabbitVersion.V3_10.settings().withPlugin("management"));
 * List&lt;PrivateBroker&gt; nodes = RabbitVersion.V4_3.startCluster(3);
 * </pre>
 */
public enum RabbitVersion {
  /** The oldest that is supported. */
  V3_10("3.10"),
  /** Quorum queues with two priorities and a delivery limit of 20. */
  V4_0("4.0"),
  /** Delivery timeouts in the queue, Khepri, strict priorities. */
  V4_3("4.3");

  private final String text;

  RabbitVersion(String text) {
    this.text = text;
  }

  /**
   * Where the servers are that tests of each version run on, with their names: those that the
   * system property {@code warren.versions} has, as {@code 4.0,4.3}; the installed one without it.
   */
  public static Stream<Named<ServerInstallation>> chosen() {
    String wanted = System.getProperty("warren.versions", "");
    Stream<ServerInstallation> installations =
        wanted.isEmpty()
            ? Stream.of(ServerInstallation.own())
            : Arrays.stream(wanted.split(",", -1)).map(text -> of(text).installation());
    return installations.map(one -> Named.of("RabbitMQ " + one.version(), one));
  }

  private static RabbitVersion of(String text) {
    return Arrays.stream(values())
        .filter(version -> version.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("warren.versions: no version '" + text + "'"));
  }

  /** Whether its programs are there. */
  public boolean isThere() {
    return found().isThere();
  }

  /** Where its programs are. Fails where they are not. */
  public ServerInstallation installation() {
    ServerInstallation found = found();
    if (!found.isThere()) {
      throw new AssertionError(
          "RabbitMQ "
              + text
              + " is not in "
              + found.root()
              + "; .ci/rabbitmq-versions.sh makes it");
    }
    return found;
  }

  private ServerInstallation found() {
    if (ServerInstallation.own().version().startsWith(text + ".")) {
      return ServerInstallation.own();
    }
    @Nullable String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return new ServerInstallation(caches.resolve("warren").resolve("rabbitmq-" + text));
  }

  /** Settings for a server of this version, to which lines and plugins can be added. */
  public ServerSettings settings() {
    return ServerSettings.of(installation());
  }

  /** A server of the caller's own, with these lines in its {@code rabbitmq.conf}. */
  public PrivateBroker start(String... config) throws InterruptedException {
    return PrivateBroker.start(with(config));
  }

  /** A cluster of the caller's own; the first node answers first. */
  public List<PrivateBroker> startCluster(int nodes, String... config) throws InterruptedException {
    return PrivateBroker.startCluster(with(config), nodes);
  }

  private ServerSettings with(String... config) {
    ServerSettings settings = settings();
    for (String line : config) {
      settings = settings.with(line);
    }
    return settings;
  }

  @Override
  public String toString() {
    return "RabbitMQ " + text;
  }
}
