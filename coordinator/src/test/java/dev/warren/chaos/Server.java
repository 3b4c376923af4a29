package dev.warren.chaos;

import dev.warren.broker.server.PrivateBroker;
import dev.warren.testing.RabbitVersion;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A RabbitMQ server on which each scenario has a virtual host of its own, so that what it leaves
 * can be told from what others leave. Thread-safe.
 */
final class Server implements AutoCloseable {
  private final PrivateBroker broker;
  private final Optional<ErlangCall> direct;
  private final AtomicInteger hosts = new AtomicInteger();

  private Server(PrivateBroker broker, Optional<ErlangCall> direct) {
    this.broker = broker;
    this.direct = direct;
  }

  static Server start(RabbitVersion version) throws InterruptedException {
    PrivateBroker broker = version.start();
    return new Server(broker, ErlangCall.to(broker));
  }

  /** To be stopped, killed and restarted. */
  PrivateBroker broker() {
    return broker;
  }

  int port() {
    return broker.port();
  }

  /** A URI of this server with another port (a proxy's) and a virtual host. */
  String uri(int port, String virtualHost) {
    URI own = URI.create(broker.uri());
    return "amqp://" + own.getUserInfo() + "@127.0.0.1:" + port + "/" + virtualHost;
  }

  /** Makes a virtual host; returns its name. */
  String addVirtualHost() throws InterruptedException {
    String name = "stage" + hosts.incrementAndGet();
    evaluate(
        """
        rabbit_vhost:add(<<"%1$s">>, <<"warren">>),
        rabbit_auth_backend_internal:set_permissions(
          <<"warren">>, <<"%1$s">>, <<".*">>, <<".*">>, <<".*">>, <<"warren">>)."""
            .formatted(name));
    return name;
  }

  void removeVirtualHost(String name) throws InterruptedException {
    evaluate("rabbit_vhost:delete(<<\"%s\">>, <<\"warren\">>).".formatted(name));
  }

  /** What stands in a virtual host: messages by queue, and connections. */
  Contents contents(String virtualHost) throws InterruptedException {
    String said =
        evaluate(
            """
            [begin
               {ok, Ready, _} = rabbit_amqqueue:stat(Q),
               {resource, _, queue, Name} = element(2, Q),
               io:format("queue ~s ~b~n", [Name, Ready])
             end || Q <- rabbit_amqqueue:list(<<"%1$s">>)],
            io:format("connections ~b~n", [length(rabbit_connection_tracking:list(<<"%1$s">>))])."""
                .formatted(virtualHost));
    Map<String, Integer> queues = new LinkedHashMap<>();
    int connections = -1;
    for (String line : said.lines().toList()) {
      String[] words = line.split(" ");
      if (words[0].equals("connections")) {
        connections = Integer.parseInt(words[1]);
      } else if (words[0].equals("queue")) {
        queues.put(words[1], Integer.parseInt(words[2]));
      }
    }
    if (connections < 0) {
      throw new AssertionError("the server said: " + said);
    }
    return new Contents(queues, connections);
  }

  /**
   * What stands in a virtual host.
   *
   * @param queues messages ready, by the queue's name
   */
  record Contents(Map<String, Integer> queues, int connections) {}

  /** Runs Erlang expressions in the server; returns what they printed, and more. */
  String evaluate(String expressions) throws InterruptedException {
    if (direct.isPresent()) {
      return direct.get().evaluate(expressions);
    }
    return broker.ctl("eval", expressions);
  }

  @Override
  public void close() {
    broker.close();
  }
}
