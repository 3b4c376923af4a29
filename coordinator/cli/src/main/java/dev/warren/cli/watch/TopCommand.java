package dev.warren.cli.watch;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Signals;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code warren top}: what a pool does now, continuously. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Shows what a pool does now, until q or Ctrl-C.",
      "",
      "Each worker is a line with its slots, most troubled first; a coordinator also knows jobs. A"
          + " slot's height is the share of the calls after which its child is replaced (■ without such"
          + " a limit); green: busy, grey: idle, yellow: starting, magenta: leaving. Not on a terminal,"
          + " it prints what status prints, about each second.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren top --coordinator http://127.0.0.1:8765",
      "  warren top --broker amqp://user:password@host/ --pool scores",
      "",
      "Exit codes: 0 ended by q or Ctrl-C, 2 wrong options, 3 broker or coordinator unreachable or lost."
    })
public final class TopCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private SourceOptions source = new SourceOptions();

  public TopCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("error");
    AtomicBoolean ended = new AtomicBoolean();
    Thread main = Thread.currentThread();
    Runnable quit =
        () -> {
          ended.set(true);
          main.interrupt();
        };
    Signals.on(quit, "INT", "TERM");
    try (PoolSource pool = source.open("warren top")) {
      if (!Streams.isOutTerminal()) {
        print(pool, ended);
      } else {
        try (TopScreen screen = TopScreen.open(quit)) {
          while (!ended.get()) {
            screen.show(pool.next());
          }
        }
      }
    } catch (IOException e) {
      if (!ended.get()) {
        throw new CommandFailure(ExitCode.BROKER, String.valueOf(e.getMessage()), e);
      }
    } catch (InterruptedException e) {
      if (!ended.get()) {
        throw e;
      }
    }
    return ExitCode.DONE;
  }

  private void print(PoolSource pool, AtomicBoolean ended)
      throws IOException, InterruptedException {
    while (!ended.get()) {
      StatusCommand.print(pool.next(), streams.out());
      streams.out().println();
      streams.out().flush();
    }
  }
}
