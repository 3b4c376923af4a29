package dev.warren.chaos;

import dev.warren.testkit.RabbitVersion;
import dev.warren.testkit.server.PrivateBroker;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A RabbitMQ server on which each scenario has a separate virtual host, so that its remains are
 * distinct from those of others. Thread-safe.
 */
final class Server implements AutoCloseable {
  private final List<PrivateBroker> nodes;
  private final RabbitVersion version;
  private final Optional<ErlangCall> direct;
  private final AtomicInteger hosts = new AtomicInteger();

  private Server(RabbitVersion version, List<PrivateBroker> nodes, Optional<ErlangCall> direct) {
    this.version = version;
    this.nodes = nodes;
    this.direct = direct;
  }

  /** Starts one server. */
  static Server start(RabbitVersion version) throws InterruptedException {
    return start(version, 1);
  }

  /** Starts one server, or a cluster of this size. */
  static Server start(RabbitVersion version, int count) throws InterruptedException {
    List<PrivateBroker> nodes = version.startCluster(count);
    return new Server(version, nodes, ErlangCall.to(nodes.get(0)));
  }

  RabbitVersion version() {
    return version;
  }

  /** The server to stop, kill and restart; in a cluster the node that is queried. */
  PrivateBroker broker() {
    return nodes.get(0);
  }

  List<PrivateBroker> nodes() {
    return nodes;
  }

  /** Starts the stopped servers. */
  void restart() throws InterruptedException {
    nodes.forEach(PrivateBroker::restartLater);
    for (PrivateBroker node : nodes) {
      node.restart();
    }
  }

  int port() {
    return broker().port();
  }

  /** Returns a URI of this server with another port (a proxy's) and a virtual host. */
  String uri(int port, String virtualHost) {
    return uri("127.0.0.1:" + port, virtualHost);
  }

  /** Returns a URI of this cluster with all its nodes but the first one, which is queried. */
  String uri(String virtualHost) {
    String hosts =
        nodes.stream()
            .skip(1)
            .map(node -> "127.0.0.1:" + node.port())
            .collect(Collectors.joining(","));
    return uri(hosts, virtualHost);
  }

  private String uri(String hosts, String virtualHost) {
    URI own = URI.create(broker().uri());
    return "amqp://" + own.getUserInfo() + "@" + hosts + "/" + virtualHost;
  }

  /** Creates a virtual host; returns its name. */
  String addVirtualHost() throws InterruptedException {
    String name = "stage" + hosts.incrementAndGet();
    addVirtualHost(name);
    return name;
  }

  void addVirtualHost(String name) throws InterruptedException {
    evaluate(
        """
        rabbit_vhost:add(<<"%1$s">>, <<"warren">>),
        rabbit_auth_backend_internal:set_permissions(
          <<"warren">>, <<"%1$s">>, <<".*">>, <<".*">>, <<".*">>, <<"warren">>).\
        """
            .formatted(name));
  }

  void removeVirtualHost(String name) throws InterruptedException {
    evaluate("rabbit_vhost:delete(<<\"%s\">>, <<\"warren\">>).".formatted(name));
  }

  /** Returns the content of a virtual host: messages by queue, and connections. */
  Contents contents(String virtualHost) throws InterruptedException {
    String said =
        evaluate(
            """
            [begin
               {ok, Ready, _} = rabbit_amqqueue:stat(Q),
               {resource, _, queue, Name} = element(2, Q),
               io:format("queue ~s ~b~n", [Name, Ready])
             end || Q <- rabbit_amqqueue:list(<<"%1$s">>)],
            io:format("connections ~b~n", [length(rabbit_connection_tracking:list(<<"%1$s">>))]).\
            """
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

  /** The node of the first queue whose name starts with this: its leader's, if it has replicas. */
  PrivateBroker home(String virtualHost, String prefix) throws InterruptedException {
    String said =
        evaluate(
            """
            [begin
               {resource, _, queue, Name} = element(2, Q),
               Node = case amqqueue:get_pid(Q) of {_, N} -> N; Pid -> node(Pid) end,
               io:format("queue ~s ~s~n", [Name, Node])
             end || Q <- rabbit_amqqueue:list(<<"%s">>)].\
            """
                .formatted(virtualHost));
    for (String line : said.lines().toList()) {
      String[] words = line.split(" ");
      if (words[0].equals("queue") && words[1].startsWith(prefix)) {
        return nodes.stream()
            .filter(node -> node.nodeName().equals(words[2]))
            .findFirst()
            .orElseThrow();
      }
    }
    throw new AssertionError("the server said: " + said);
  }

  /** Number of messages of a queue, including unsettled ones. The server counts them every 5 s. */
  int unsettled(String virtualHost, String queue) throws InterruptedException {
    String said =
        evaluate(
            """
            {ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"%s">>, queue, <<"%s">>)),
            io:format("messages ~b~n", [proplists:get_value(messages, rabbit_amqqueue:info(Q, [messages]))]).\
            """
                .formatted(virtualHost, queue));
    return said.lines()
        .filter(line -> line.startsWith("messages "))
        .mapToInt(line -> Integer.parseInt(line.substring("messages ".length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the server said: " + said));
  }

  /**
   * The content of a virtual host.
   *
   * @param queues messages ready, by the queue's name
   */
  record Contents(Map<String, Integer> queues, int connections) {}

  /** Evaluates Erlang expressions in the server; returns their output. */
  String evaluate(String expressions) throws InterruptedException {
    if (direct.isPresent()) {
      return direct.get().evaluate(expressions);
    }
    return broker().ctl("eval", expressions);
  }

  @Override
  public void close() {
    nodes.forEach(PrivateBroker::close);
  }
}
