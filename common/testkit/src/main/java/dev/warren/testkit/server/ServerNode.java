package dev.warren.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The identity of a private server, which survives restarts: its folder with all its files, its
 * ports, its name and its user. Immutable.
 *
 * @param installation where its programs are
 * @param folder its own folder, absolute
 * @param name its Erlang node name
 * @param ports where it listens
 * @param password of its user {@code warren}
 */
record ServerNode(
    ServerInstallation installation, Path folder, String name, Ports ports, String password) {

  /**
   * After a restart, a message that expired in a delay queue may be refused by a task queue that
   * has not started yet; the broker retries after this time (default 180 s).
   */
  private static final String ADVANCED_CONFIG =
      "[{rabbit, [{dead_letter_worker_publisher_confirm_timeout, 5000}]}].\n";

  /** Creates the folders of {@code count} nodes; more than one form a cluster. */
  static List<ServerNode> prepare(ServerSettings settings, int count) throws IOException {
    String password = random();
    String cookie = random();
    List<Ports> ports = Ports.free(count);
    List<String> config = new ArrayList<>(settings.config());
    if (count > 1) {
      config.add("cluster_formation.peer_discovery_backend = classic_config");
      for (int i = 0; i < count; i++) {
        config.add(
            "cluster_formation.classic_config.nodes.%d = %s"
                .formatted(i + 1, ports.get(i).nodeName()));
      }
    }
    List<ServerNode> nodes = new ArrayList<>();
    for (Ports each : ports) {
      Path folder = Files.createTempDirectory("warren-rabbitmq-").toAbsolutePath();
      ServerNode node =
          new ServerNode(settings.installation(), folder, each.nodeName(), each, password);
      node.write(cookie, config, settings.enabledPlugins());
      nodes.add(node);
    }
    return nodes;
  }

  private void write(String cookie, List<String> config, String plugins) throws IOException {
    Path cookieFile = folder.resolve(".erlang.cookie");
    Files.writeString(cookieFile, cookie);
    Files.setPosixFilePermissions(cookieFile, PosixFilePermissions.fromString("r--------"));
    Files.writeString(folder.resolve("enabled_plugins"), plugins);
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        """
        listeners.tcp.1 = 127.0.0.1:%d
        default_user = warren
        default_pass = %s
        vm_memory_high_watermark.relative = 0.4
        disk_free_limit.absolute = 50MB
        %s
        """
            .formatted(ports.amqp, password, String.join("\n", config)));
    Files.writeString(folder.resolve("advanced.config"), ADVANCED_CONFIG);
  }

  private static String random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  String uri() {
    return "amqp://warren:" + password + "@127.0.0.1:" + ports.amqp + "/";
  }

  /**
   * A process with exactly the environment of this node, not affected by Ctrl-C in the terminal.
   */
  ProcessBuilder process(List<String> command) {
    List<String> whole = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      whole.add("/usr/bin/setsid");
    }
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    return builder;
  }

  private Map<String, String> environment() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("LANG", "C.UTF-8");
    env.put("HOME", folder.toString());
    env.put("TMPDIR", String.valueOf(folder.getParent()));
    env.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    env.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
    env.put("RABBITMQ_ADVANCED_CONFIG_FILE", folder.resolve("advanced.config").toString());
    env.put("RABBITMQ_NODENAME", name);
    env.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    env.put("RABBITMQ_NODE_PORT", String.valueOf(ports.amqp));
    env.put("RABBITMQ_DIST_PORT", String.valueOf(ports.distribution));
    env.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
    env.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
    env.put("RABBITMQ_LOGS", "-");
    env.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
    env.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString());
    env.put("RABBITMQ_GENERATED_CONFIG_DIR", folder.resolve("config").toString());
    env.put("RABBITMQ_FEATURE_FLAGS_FILE", folder.resolve("feature_flags").toString());
    env.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    env.put("ERL_EPMD_PORT", String.valueOf(ports.mapper));
    env.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    env.put("ERL_CRASH_DUMP", "/dev/null");
    // the start script then replaces itself by the Erlang VM, so that signals to its pid reach the
    // VM
    env.put("RUNNING_UNDER_SYSTEMD", "true");
    return env;
  }

  /**
   * Loopback ports that were free when they were chosen.
   *
   * @param amqp for clients
   * @param distribution for other nodes and rabbitmqctl
   * @param mapper for the port mapper daemon (epmd), which all nodes of a cluster share
   */
  record Ports(int amqp, int distribution, int mapper) {
    static List<Ports> free(int nodes) throws IOException {
      List<ServerSocket> held = new ArrayList<>();
      try {
        int mapper = hold(held);
        List<Ports> ports = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
          ports.add(new Ports(hold(held), hold(held), mapper));
        }
        return ports;
      } finally {
        for (ServerSocket socket : held) {
          socket.close();
        }
      }
    }

    private static int hold(List<ServerSocket> held) throws IOException {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      return socket.getLocalPort();
    }

    String nodeName() {
      return "warren" + amqp + "@localhost";
    }
  }
}
