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
 * The versions of RabbitMQ that Warren is tested with, without Docker: the installed server if it
 * has that version, otherwise one in a folder that {@code .ci/rabbitmq-versions.sh} creates (as
 * root on Debian). A test that needs a missing version fails with a message that says so.
 * Thread-safe.
 *
 * <pre>
 * PrivateBroker broker = SharedBroker.of(RabbitVersion.V4_3);  // one per version and test JVM
 * PrivateBroker own = RabbitVersion.V4_0.start("consumer_timeout = 5000");
 * PrivateBroker page = PrivateBroker.start(RabbitVersion.V3_10.settings().withPlugin("management"));
 * List&lt;PrivateBroker&gt; nodes = RabbitVersion.V4_3.startCluster(3);
 * </pre>
 */
public enum RabbitVersion {
  /** The oldest supported version. */
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
   * The installations on which tests of each version run, with their names: those of the system
   * property {@code warren.versions}, such as {@code 4.0,4.3}; by default the installed one.
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

  /** Whether its programs are installed. */
  public boolean isThere() {
    return found().isThere();
  }

  /** The folder of its programs. Throws if they are missing. */
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

  /** Starts a server for the caller alone, with these lines in its {@code rabbitmq.conf}. */
  public PrivateBroker start(String... config) throws InterruptedException {
    return PrivateBroker.start(with(config));
  }

  /** Starts a cluster for the caller alone; the first node is up first. */
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
