package dev.warren.cli.dead;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.broker.BrokerException;
import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.dead.DeadLetter;
import dev.warren.dead.DeadQueue;
import dev.warren.dead.Redrive;
import dev.warren.json.Json;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Bounds;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren dead redrive}: runs dead calls again. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Returns dead calls to the pool's task queue, oldest first, with attempts and losses reset"
          + " and without their expiry.",
      "",
      "Owners that number their calls have already received an outcome and ignore a second one:"
          + " such calls run only for their effects. A producer that does not number its calls gets"
          + " another outcome, if its queue still exists. A call that fails again returns to the"
          + " dead-letter queue. Messages that do not match stay, in their order.",
      "",
      "Can be interrupted at any time and started again: a call's copy is confirmed before the dead"
          + " message is removed, so none is lost, and at most --in-flight calls run twice.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren dead redrive --pool scores --fn com.acme.Stats::score --newer-than 1d",
      "  warren dead redrive --pool scores --cause child_lost,host_lost --limit 100",
      "",
      "Exit codes: 0 done, 2 wrong options, 3 broker unreachable or lost, 130 interrupted."
    })
final class RedriveCommand implements Callable<Integer> {
  private final Streams streams;

  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Mixin private DeadFilter filter = new DeadFilter();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "maximum number of calls; default: all")
  private int limit;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "maximum number of unconfirmed copies; more is faster, but that many calls may"
              + " exist twice if this command is killed",
      showDefaultValue = ALWAYS)
  private int inFlight = 1;

  @Option(names = "--no-reply", description = "do not send outcomes to anyone")
  private boolean noReply;

  @Option(
      names = "--include-at-most-once",
      description = "also redrive calls that were submitted as at-most-once")
  private boolean atMostOnceToo;

  @Option(names = "--json", description = "print the counts as one JSON object")
  private boolean json;

  private final Map<Redrive.Result, Long> counts = new EnumMap<>(Redrive.Result.class);
  private long matched;
  private long seen;
  private long told = TimeSource.SYSTEM.nanos();

  RedriveCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    filter.check();
    if (limit < 0) {
      throw CommandFailure.usage("--limit is " + limit + "; must be at least 0");
    }
    Bounds.check("--in-flight", inFlight, 1, 1000);
    long now = TimeSource.SYSTEM.epochMillis();
    try (DeadQueue queue = DeadCommandQueue.open(options.uri("dead redrive"), streams.err())) {
      queue.broker().declare(queue.names().topology());
      Redrive redrive = new Redrive(queue, noReply, atMostOnceToo);
      try {
        queue.browse(
            (letter, remove) -> visit(letter, remove, redrive, now), () -> redrive.await(0));
      } catch (BrokerException e) {
        throw new CommandFailure(
            ExitCode.BROKER, redrive.redriven() + " redriven, then: " + e.getMessage(), e);
      }
      report(queue, redrive);
      return queue.isInterrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }
  }

  private boolean visit(DeadLetter letter, Runnable remove, Redrive redrive, long now)
      throws InterruptedException {
    seen++;
    if (filter.matches(letter, now)) {
      matched++;
      counts.merge(redrive.send(letter, remove), 1L, Long::sum);
      redrive.await(inFlight - 1);
    }
    tell(redrive);
    return limit == 0 || count(Redrive.Result.SENT) < limit;
  }

  private void tell(Redrive redrive) {
    long now = TimeSource.SYSTEM.nanos();
    if (now - told > TELL_EVERY.toNanos()) {
      told = now;
      streams.err().println("warren: " + redrive.redriven() + " redriven, " + seen + " read");
    }
  }

  private long count(Redrive.Result result) {
    return counts.getOrDefault(result, 0L);
  }

  private void report(DeadQueue queue, Redrive redrive) {
    long redriven = redrive.redriven();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("redriven", redriven);
      fields.put("noTask", count(Redrive.Result.NO_TASK));
      fields.put("atMostOnce", count(Redrive.Result.AT_MOST_ONCE));
      fields.put("notMatched", seen - matched);
      fields.put("interrupted", queue.isInterrupted());
      streams.out().println(Json.write(fields).text());
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%d redriven to %s", redriven, queue.names().tasks()));
    append(line, count(Redrive.Result.NO_TASK), "left because they are not tasks (see dead show)");
    append(
        line,
        count(Redrive.Result.AT_MOST_ONCE),
        "left because they must not run twice (--include-at-most-once)");
    append(line, seen - matched, "did not match");
    if (queue.isInterrupted()) {
      line.append("; interrupted");
    }
    streams.out().println(line);
  }

  private static void append(StringBuilder line, long count, String what) {
    if (count > 0) {
      line.append(", ").append(count).append(' ').append(what);
    }
  }
}
