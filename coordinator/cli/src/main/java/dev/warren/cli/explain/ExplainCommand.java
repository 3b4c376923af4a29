package dev.warren.cli.explain;

import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.cli.jobs.JobsAccess;
import dev.warren.cli.kit.BrokerChoice;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.jobs.timeline.CallStory;
import dev.warren.jobs.timeline.CallView;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.timeline.CallQuestion;
import dev.warren.timeline.CallTimeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warren explain}: tells what happened to one call. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Tells what happened to one call: what its job's journal, the workers and the dead-letter"
          + " queue know of it, in the order of time.",
      "",
      "Workers remember calls that are unfinished, have failed or were unusually slow, for as long"
          + " as they run and have room. Nothing is changed.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren explain nightly:17",
      "  warren explain nightly:17 --coordinator http://127.0.0.1:8765",
      "  warren explain --broker-file broker.uri --pool scores \\",
      "      k3vq7w2mzb5hd4xjrn6tfay2cu",
      "",
      "Exit codes: 0 done, 2 wrong options or nobody knows the call, 3 broker or coordinator"
          + " unreachable, 130 interrupted."
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final int USUAL_WIDTH = 80;

  private final Streams streams;

  @Parameters(
      paramLabel = "CALL",
      description =
          "JOB:INDEX for a call of a durable job; otherwise an id: of a message, as dead letters"
              + " have it and Pool.submit returns it, or job/number as in the logs of workers")
  private String call = "";

  @Option(
      names = "--broker",
      paramLabel = "URI",
      description =
          "amqp://user:password@host:5672/vhost: ask the workers on this broker; a coordinator"
              + " asks its own")
  private @Nullable String broker;

  @Option(
      names = "--broker-file",
      paramLabel = "FILE",
      description = "file whose first line is the broker URI, to hide the password")
  private @Nullable Path brokerFile;

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  // the broker was named and could not be reached
  private boolean unreached;

  ExplainCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    CallName name = CallName.parse(call);
    BrokerUri uri = uri();
    if (name.job() == null) {
      explainMessage(name, uri);
    } else {
      explainCall(name.job(), name.index(), uri);
    }
    streams.out().flush();
    return unreached ? ExitCode.BROKER : ExitCode.DONE;
  }

  private @Nullable BrokerUri uri() {
    String given = BrokerChoice.of(spec, broker, brokerFile);
    if (given == null) {
      return null;
    }
    BrokerUri uri = BrokerUri.parse(given);
    if (uri.isLocal()) {
      throw CommandFailure.usage(
          "--broker is local:; warren explain needs RabbitMQ: amqp://user:password@host");
    }
    String pool = options.givenPool();
    return pool == null ? uri : uri.withPool(pool);
  }

  // ---- calls of durable jobs

  private void explainCall(String job, long index, @Nullable BrokerUri uri) {
    String pool = uri == null ? options.pool() : uri.pool();
    try (JobsAccess access = JobsAccess.open(options, pool)) {
      Payload told = access.explain(job, index, story -> withWorkers(story, uri));
      if (json) {
        streams.out().println(told.text().strip());
      } else {
        print(job + ":" + index, Json.read(told, CallView.class));
      }
    }
  }

  private CallStory withWorkers(CallStory story, @Nullable BrokerUri uri) {
    if (uri == null) {
      return story.with("No worker was asked; add --broker URI to ask those of the pool.");
    }
    try {
      return story.with(new Workers(uri).ask(story.question()));
    } catch (BrokerException e) {
      unreached = true;
      return story.with("The workers could not be asked: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
    }
  }

  private void print(String name, CallView view) {
    TimelineText text = new TimelineText(streams.out(), width());
    text.field("call", name + ", " + view.state());
    text.field("line", view.line());
    text.events(view.timeline());
    if (view.note() != null) {
      text.note(view.note());
    }
  }

  // ---- calls named by an id

  /** What {@code --json} prints. */
  private record Told(
      String call,
      boolean held,
      List<CallView.Event> timeline,
      int workers,
      int answered,
      int omitted,
      @Nullable String note) {}

  private void explainMessage(CallName name, @Nullable BrokerUri uri) throws InterruptedException {
    if (uri == null) {
      throw new ParameterException(
          spec.commandLine(),
          "'"
              + name.text()
              + "' is an id, so the workers are asked, but '--broker=URI' or '--broker-file=FILE'"
              + " is missing; a call of a durable job is named JOB:INDEX");
    }
    CallQuestion question = Objects.requireNonNull(name.question());
    CallTimeline told = new Workers(uri).ask(question);
    String note = told.notes().isEmpty() ? null : String.join(" ", told.notes());
    if (told.events().isEmpty()) {
      throw CommandFailure.usage(
          "nobody knows the call "
              + name.text()
              + ": it is not in the dead-letter queue, and "
              + told.answered()
              + " of "
              + told.asked()
              + " workers answered; they remember calls that are unfinished, have failed or were"
              + " unusually slow");
    }
    List<CallView.Event> events = told.events().stream().map(CallView.Event::of).toList();
    if (json) {
      Told object =
          new Told(
              name.text(),
              told.held(),
              events,
              told.asked(),
              told.answered(),
              told.omitted(),
              note);
      streams.out().println(Json.write(object).text());
      return;
    }
    TimelineText text = new TimelineText(streams.out(), width());
    text.field("call", name.text() + (told.held() ? ", held by a worker" : ", not held now"));
    text.field("asked", told.answered() + " of " + told.asked() + " workers answered");
    text.events(events);
    if (note != null) {
      text.note(note);
    }
    if (told.omitted() > 0) {
      text.note("Workers have left out " + told.omitted() + " events.");
    }
  }

  private static int width() {
    String columns = System.getenv("COLUMNS");
    try {
      return columns == null ? USUAL_WIDTH : Math.max(60, Integer.parseInt(columns.strip()));
    } catch (NumberFormatException e) {
      return USUAL_WIDTH;
    }
  }
}
