package dev.warren.cli.pools;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.management.ManagementApi;
import dev.warren.json.Json;
import dev.warren.lifecycle.Printable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code warren pools list}: lists the pools of a broker. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Lists the pools of the broker's virtual host, with their numbers of waiting, running and"
          + " dead messages, and of workers.",
      ""
    },
    footerHeading = "%nExit codes:%n",
    footer = "  0 done, 2 wrong options, 3 management interface unreachable.")
final class ListCommand implements Callable<Integer> {
  private final Streams streams;

  private static final Pattern QUEUE =
      Pattern.compile("warren\\.(.+)\\.(tasks|again|dead|delay\\.[0-9]+|lease\\..+)");

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Option(
      names = "--management",
      required = true,
      paramLabel = "URL",
      description =
          "http://user:password@host:15672 of the management plug-in, the only interface that lists"
              + " queues; default user: that of --broker")
  private URI management = URI.create("");

  @Option(names = "--json", description = "one JSON object per line")
  private boolean json;

  ListCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    BrokerUri uri = options.uri("pools list");
    Map<String, Counts> pools = new TreeMap<>();
    try {
      JsonNode queues = new ManagementApi(management, uri).queues();
      if (queues != null) {
        queues.forEach(queue -> count(queue, pools));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.BROKER,
          "the management interface at --management "
              + management.getHost()
              + ":"
              + management.getPort()
              + " does not answer: "
              + reason(e),
          e);
    }
    if (!json) {
      streams
          .out()
          .printf(
              Locale.ROOT,
              "%-30s %9s %9s %9s %9s%n",
              "POOL",
              "WAITING",
              "RUNNING",
              "DEAD",
              "WORKERS");
    }
    pools.forEach(
        (name, counts) -> streams.out().println(json ? counts.json(name) : counts.row(name)));
    return ExitCode.DONE;
  }

  private static String reason(Exception e) {
    @Nullable String text = e.getMessage();
    if (text == null) {
      return e instanceof ConnectException ? "nothing listens there" : e.getClass().getSimpleName();
    }
    return text;
  }

  private static void count(JsonNode queue, Map<String, Counts> pools) {
    Matcher name = QUEUE.matcher(queue.path("name").asString(""));
    if (!name.matches()) {
      return;
    }
    Counts before = pools.getOrDefault(name.group(1), Counts.NONE);
    long ready = queue.path("messages_ready").asLong(0);
    long unsettled = queue.path("messages_unacknowledged").asLong(0);
    boolean dead = name.group(2).equals("dead");
    boolean served = name.group(2).equals("tasks");
    pools.put(
        name.group(1),
        new Counts(
            before.waiting + (dead ? 0 : ready),
            before.running + (dead ? 0 : unsettled),
            before.dead + (dead ? ready + unsettled : 0),
            before.workers + (served ? queue.path("consumers").asLong(0) : 0)));
  }

  private record Counts(long waiting, long running, long dead, long workers) {
    private static final Counts NONE = new Counts(0, 0, 0, 0);

    String row(String pool) {
      return String.format(
          Locale.ROOT,
          "%-30s %9d %9d %9d %9d",
          Printable.line(pool),
          waiting,
          running,
          dead,
          workers);
    }

    String json(String pool) {
      ObjectNode node = Json.MAPPER.createObjectNode();
      node.put("pool", pool);
      node.put("waiting", waiting);
      node.put("running", running);
      node.put("dead", dead);
      node.put("workers", workers);
      return node.toString();
    }
  }
}
