package dev.warren.cli.demo;

import dev.warren.broker.BrokerException;
import dev.warren.testkit.server.PrivateBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * RabbitMQ for {@code --broker start}: the installed server, otherwise a Docker container; on
 * loopback only, removed by {@link #close()}.
 */
interface DemoBroker extends AutoCloseable {
  String IMAGE = "rabbitmq:4.3-management";

  String uri();

  @Override
  void close();

  /**
   * Starts a server.
   *
   * @throws BrokerException if neither is available; the message says what to install
   */
  static DemoBroker start() throws InterruptedException {
    if (PrivateBroker.isInstalled()) {
      return new Installed(PrivateBroker.start());
    }
    try {
      return Container.start();
    } catch (IOException e) {
      throw new BrokerException(
          "--broker start needs RabbitMQ or Docker, and neither works here ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + "); on Debian: sudo apt-get install --no-install-recommends rabbitmq-server",
          e);
    }
  }

  /** The installed server. */
  record Installed(PrivateBroker broker) implements DemoBroker {
    @Override
    public String uri() {
      return broker.uri();
    }

    @Override
    public void close() {
      broker.close();
    }
  }

  /** A container, removed when it stops. */
  record Container(String id, String uri) implements DemoBroker {

    static Container start() throws IOException, InterruptedException {
      String password = UUID.randomUUID().toString();
      int port = freePort();
      String id =
          docker(
              "run",
              "--detach",
              "--rm",
              "--publish",
              "127.0.0.1:" + port + ":5672",
              "--env",
              "RABBITMQ_DEFAULT_USER=warren",
              "--env",
              "RABBITMQ_DEFAULT_PASS=" + password,
              System.getenv().getOrDefault("WARREN_RABBITMQ_IMAGE", IMAGE));
      return new Container(id, "amqp://warren:" + password + "@127.0.0.1:" + port + "/");
    }

    @Override
    public void close() {
      try {
        docker("stop", id);
      } catch (IOException e) {
        System.err.println("warren: could not stop container " + id + ": " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    private static String docker(String... arguments) throws IOException, InterruptedException {
      String[] argv = new String[arguments.length + 1];
      argv[0] = "docker";
      System.arraycopy(arguments, 0, argv, 1, arguments.length);
      Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String last = said.strip().lines().reduce("", (a, b) -> b);
      if (process.waitFor() != 0) {
        throw new IOException(last);
      }
      return last;
    }
  }
}
