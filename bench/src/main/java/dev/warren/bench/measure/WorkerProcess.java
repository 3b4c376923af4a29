package dev.warren.bench.measure;

import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.Site;
import dev.warren.cli.worker.WorkerMain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code warren worker} as a separate process, as on a host. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /** Starts a worker on the site's broker without waiting for it. */
  static WorkerProcess start(Site site, String pool, int processes)
      throws IOException, InterruptedException {
    return start(site, site.brokerUri(), pool, processes);
  }

  /** Starts a worker on a broker with this address. */
  static WorkerProcess start(Site site, String broker, String pool, int processes)
      throws IOException {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--pool",
                pool,
                "--app",
                Site.ownJar().toString(),
                "--processes",
                String.valueOf(processes),
                "--log-level",
                "error"));
    ProcessBuilder builder =
        new ProcessBuilder(
            site.program(WorkerMain.class, List.of(), options.toArray(String[]::new)));
    builder.environment().put("WARREN_BROKER", broker);
    builder.redirectInput(ProcessBuilder.Redirect.PIPE);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new WorkerProcess(builder.start());
  }

  long pid() {
    return process.pid();
  }

  /** Its child processes that are JVMs, spares included. */
  List<ProcessHandle> children() {
    return process
        .children()
        .filter(child -> Processes.commandLine(child.pid()).contains("ChildMain"))
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
    Processes.awaitEnd(process);
  }
}
