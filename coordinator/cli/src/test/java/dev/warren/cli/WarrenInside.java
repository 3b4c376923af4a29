package dev.warren.cli;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.cli.kit.Program;
import dev.warren.cli.kit.Signals;
import dev.warren.cli.kit.Streams;
import dev.warren.lifecycle.PrintableStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/**
 * The program's commands in the JVM of the test, for tests that need no process: no signal, no log,
 * no standard input. A process costs a second of processor time.
 */
public final class WarrenInside {
  private WarrenInside() {}

  /** Runs a command; {@code map} needs {@code --input} and {@code --output}. */
  public static Result run(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream toErr = PrintableStream.onto(err);
    Streams streams = new Streams(PrintableStream.onto(out), toErr);
    CommandLine program = Program.of(new WarrenMain(), environment, streams);
    program.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    program.setErr(new PrintWriter(toErr, true, StandardCharsets.UTF_8));
    int exit = program.execute(args);
    // a signal ends the test's JVM again
    Signals.on(() -> System.exit(1), "INT", "TERM", "HUP");
    return new Result(
        exit,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
