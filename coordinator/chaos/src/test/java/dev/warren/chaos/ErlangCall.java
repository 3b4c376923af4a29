package dev.warren.chaos;

import dev.warren.testkit.server.PrivateBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Evaluates expressions in a RabbitMQ server with Erlang's {@code erl_call}, a hundred times faster
 * than {@code rabbitmqctl}, which starts an Erlang VM each time. Immutable.
 */
final class ErlangCall {
  private static final AtomicLong CALLS = new AtomicLong();
  private static final Path PROGRAM = Path.of("/usr/bin/erl_call");

  private final List<String> command;
  private final String mapperPort;

  private ErlangCall(List<String> command, String mapperPort) {
    this.command = List.copyOf(command);
    this.mapperPort = mapperPort;
  }

  /** Creates one for this server; empty if the program is missing or cannot connect. */
  static Optional<ErlangCall> to(PrivateBroker broker) throws InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      return Optional.empty();
    }
    String[] told =
        broker
            .ctl(
                "eval",
                "io:format(\"~s ~s ~s~n\","
                    + " [node(), erlang:get_cookie(), os:getenv(\"ERL_EPMD_PORT\")]).")
            .lines()
            .findFirst()
            .orElseThrow()
            .split(" ");
    ErlangCall call =
        new ErlangCall(
            List.of(PROGRAM.toString(), "-c", told[1], "-n", told[0], "-fetch_stdout", "-e"),
            told[2]);
    try {
      return call.evaluate("io:format(\"here~n\").").startsWith("here")
          ? Optional.of(call)
          : Optional.empty();
    } catch (AssertionError e) {
      System.out.println("chaos: no erl_call to " + broker.nodeName() + ": " + e);
      return Optional.empty();
    }
  }

  /** Returns the output of the expressions, with their value on the last line. */
  String evaluate(String expressions) throws InterruptedException {
    List<String> named = new ArrayList<>(command);
    // a separate node name: two nodes of the same name could not both connect
    named.addAll(
        List.of("-h", "kit" + ProcessHandle.current().pid() + "x" + CALLS.incrementAndGet()));
    ProcessBuilder builder = new ProcessBuilder(named).redirectErrorStream(true);
    builder.environment().put("ERL_EPMD_PORT", mapperPort);
    try {
      Process process = builder.start();
      process.getOutputStream().write((expressions + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 || said.contains("{error,")) {
        throw new AssertionError("erl_call: " + said + " for " + expressions);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
