package dev.warren.cli.dead;

import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.dead.DeadLetter;
import dev.warren.dead.DeadQueue;
import dev.warren.json.Json;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Headers;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren dead show}: shows one dead letter. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {"Shows one dead message in full; changes nothing.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren dead show --pool scores 5f0c2a",
      "  warren dead show --pool scores 5f0c2a --json | jq -r .stack",
      "",
      "Exit codes: 0 done, 2 wrong options or no such message, 3 broker unreachable, 130"
          + " interrupted."
    })
final class ShowCommand implements Callable<Integer> {
  private final Streams streams;

  private static final int BODY_SHOWN = 512;
  private static final int NAMED = 5;

  @Parameters(paramLabel = "ID", description = "the message's id, or its beginning")
  private String id = "";

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  private @Nullable DeadLetter found;
  private final List<String> fitting = new ArrayList<>();

  ShowCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    try (DeadQueue queue = DeadCommandQueue.open(options.uri("dead show"), streams.err())) {
      queue.browse((letter, remove) -> look(letter));
      DeadLetter letter = found;
      if (queue.isInterrupted()) {
        return ExitCode.INTERRUPTED;
      }
      if (letter == null) {
        throw CommandFailure.usage(
            "no message of " + queue.names().dead() + " has an id that begins with '" + id + "'");
      }
      if (fitting.size() > 1) {
        throw CommandFailure.usage(
            "more than one id begins with '" + id + "': " + String.join(", ", fitting));
      }
      PrintStream out = streams.out();
      if (json) {
        out.println(DeadJson.whole(letter, queue.codec()));
      } else {
        print(letter, queue.codec(), out);
      }
      out.flush();
      return ExitCode.DONE;
    }
  }

  /** An exact id ends the search; a prefix does not. */
  private boolean look(DeadLetter letter) {
    boolean exact = letter.id().equals(id);
    if (exact) {
      fitting.clear();
    }
    if (letter.id().startsWith(id) && fitting.size() <= NAMED) {
      fitting.add(fitting.size() == NAMED ? "…" : letter.id());
      found = letter;
    }
    return !exact;
  }

  private static void print(DeadLetter letter, TaskCodec codec, PrintStream out) {
    RemoteFailure failure = letter.failure();
    long died = letter.diedAtMillis();
    field(out, "id", letter.id());
    field(out, "function", letter.function());
    field(
        out,
        "died",
        died == 0
            ? "unknown"
            : Instant.ofEpochMilli(died)
                + ", "
                + Printable.age(TimeSource.SYSTEM.epochMillis() - died)
                + " ago");
    field(out, "cause", letter.kind());
    if (!letter.type().equals(letter.kind())) {
      field(out, "exception", letter.type());
    }
    field(out, "message", letter.summary());
    if (failure != null) {
      field(out, "where", failure.where());
      new TreeMap<>(failure.details()).forEach((name, value) -> field(out, name, value));
    }
    field(out, "spent", letter.spent() + "  (attempts/children lost/hosts lost)");
    field(out, "owner", letter.message().replyTo());
    field(out, "unreadable cause", letter.unreadableCause());
    arguments(letter, codec, out);
    out.println("headers");
    new TreeMap<>(letter.message().headers())
        .forEach(
            (name, value) -> {
              if (!name.equals(Headers.CAUSE)) {
                out.println("  " + Printable.line(name + ": " + shown(value)));
              }
            });
    if (failure != null && failure.stack() != null) {
      out.println("stack");
      failure.stack().lines().forEach(line -> out.println("  " + Printable.line(line)));
    }
  }

  private static void arguments(DeadLetter letter, TaskCodec codec, PrintStream out) {
    Payload body = letter.message().body();
    try {
      TaskMessage task = letter.task(codec);
      Payload captured = task.captured();
      if (captured != null) {
        field(out, "captured", captured.text());
      }
      for (int i = 0; i < task.count(); i++) {
        field(out, task.count() == 1 ? "arguments" : "arguments " + (i + 1), pretty(task, i));
      }
    } catch (WireFormatException e) {
      field(out, "not a task", e.getMessage());
      byte[] start = body.slice(0, Math.min(BODY_SHOWN, body.length())).toBytes();
      String text = body.slice(0, start.length).text();
      boolean binary = text.indexOf('\uFFFD') >= 0 || text.indexOf('\0') >= 0;
      field(
          out,
          "body",
          (binary ? HexFormat.ofDelimiter(" ").formatHex(start) : text)
              + (body.length() > start.length ? " … (" + body.length() + " bytes)" : ""));
    }
  }

  private static String pretty(TaskMessage task, int index) {
    Payload line = task.args().get(index);
    return line.text();
  }

  private static String shown(Object value) {
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    return value instanceof Map || value instanceof List
        ? Json.write(value).text()
        : value.toString();
  }

  private static void field(PrintStream out, String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      String text =
          value instanceof List<?> lines && !lines.isEmpty()
              ? "\n    "
                  + String.join("\n    ", lines.stream().map(l -> Printable.line(l + "")).toList())
              : Printable.line(value.toString());
      out.printf("%-11s %s%n", name, text);
    }
  }
}
