package dev.warren.bench.scale;

import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.Site;
import dev.warren.broker.PoolNames;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.pool.Pool;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One run of the scale test. Confined to the main thread. */
final class ScaleRun {
  private static final String POOL = "scale";
  private static final String JOB = "scale";
  private static final long POLL_MS = 50;

  private final Site site;
  private final Path folder;
  private final Plan plan;
  private final Map<String, String> figures = new LinkedHashMap<>();

  /** What is run. */
  record Plan(
      int workers, int slots, int calls, long callMicros, int chunk, String heap, boolean kill) {}

  ScaleRun(Site site, Path folder, Plan plan) {
    this.site = site;
    this.folder = folder;
    this.plan = plan;
  }

  /** Runs it; returns the figures by name. */
  Map<String, String> run() throws IOException, InterruptedException {
    Path input = writeInput();
    Process simulator = startSimulator();
    try (JobStore store = SqlStore.open(folder.resolve("store").toString());
        HeartbeatProbe probe = new HeartbeatProbe(site.brokerUri(), new PoolNames(POOL))) {
      figure("heartbeats of all workers after a question, s", probe.secondsToHearAll(plan.workers));
      figure("reading one heartbeat, µs", HeartbeatProbe.microsPerHeartbeat(plan.workers));
      measure(store, probe, simulator, input);
    } finally {
      simulator.destroy();
      Processes.awaitEnd(simulator);
    }
    return figures;
  }

  /**
   * Measures what viewers of a coordinator's page cost; returns the figures by name.
   *
   * @param minutes how long the viewers stay after the other measurements
   */
  Map<String, String> runPage(int viewers, int minutes) throws IOException, InterruptedException {
    Path input = writeInput();
    Process simulator = startSimulator();
    try (PageRun page = new PageRun(site, folder, plan.heap, this::figure)) {
      page.run(input, viewers, minutes);
    } finally {
      simulator.destroy();
      Processes.awaitEnd(simulator);
    }
    return figures;
  }

  private Path writeInput() throws IOException {
    Path input = folder.resolve("in.jsonl");
    try (BufferedWriter out = Files.newBufferedWriter(input)) {
      for (int i = 0; i < plan.calls; i++) {
        out.write(Integer.toString(i));
        out.write('\n');
      }
    }
    return input;
  }

  private Process startSimulator() throws IOException, InterruptedException {
    // declares what workers declare
    Pool.builder().uri(site.brokerUri()).name(POOL).open().close();
    List<String> command =
        site.program(
            SimulatedWorkers.class,
            List.of("-XX:+UseParallelGC", "-Xmx3g"),
            site.brokerUri(),
            POOL,
            String.valueOf(plan.workers),
            String.valueOf(plan.slots),
            String.valueOf(plan.callMicros),
            String.valueOf(2 * plan.slots));
    Process simulator = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String first = simulator.inputReader().readLine();
    if (!"ready".equals(first)) {
      throw new IOException("the simulator did not become ready: " + first);
    }
    return simulator;
  }

  private Coordinator startCoordinator(Path input) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("map", "--job", JOB, "--no-progress"));
    arguments.addAll(List.of("--store", folder.resolve("store").toString(), "--pool", POOL));
    arguments.addAll(List.of("--broker", site.brokerUri(), "--input", input.toString()));
    arguments.addAll(List.of("--output", folder.resolve("out.jsonl").toString()));
    arguments.addAll(List.of("--fn", "dev.warren.bench.harness.Work::same"));
    if (plan.chunk > 0) {
      arguments.addAll(List.of("--chunk", String.valueOf(plan.chunk)));
    }
    return Coordinator.start(site, folder, plan.heap, arguments);
  }

  private void measure(JobStore store, HeartbeatProbe probe, Process simulator, Path input)
      throws IOException, InterruptedException {
    long broker = site.brokerPid();
    long started = System.nanoTime();
    List<Coordinator> coordinators = new ArrayList<>(List.of(startCoordinator(input)));
    awaitCounts(store, coordinators, record -> true);
    figure("input accepted after, s", seconds(started));
    long begun = System.nanoTime();
    long beats = probe.heard();
    double brokerSeconds = Processes.processorSeconds(broker);
    double simulatorSeconds = Processes.processorSeconds(simulator.pid());
    if (plan.kill) {
      awaitCounts(store, coordinators, record -> record.counts().ended() >= plan.calls / 2);
      killAndResume(store, coordinators, input);
    }
    JobRecord last = awaitCounts(store, coordinators, record -> record.state().isEnded());
    double took = seconds(begun);
    figure(
        "calls/s, from accepted to ended" + (plan.kill ? ", the kill included" : ""),
        plan.calls / took);
    figure("heartbeats/s meanwhile", (probe.heard() - beats) / took);
    share("processors: broker", Processes.processorSeconds(broker) - brokerSeconds, took);
    share(
        "processors: simulator",
        Processes.processorSeconds(simulator.pid()) - simulatorSeconds,
        took);
    share("processors: coordinator", sum(coordinators), took);
    Coordinator end = coordinators.get(coordinators.size() - 1);
    while (end.alive()) {
      Thread.sleep(POLL_MS);
    }
    if (end.awaitExit() != 0 || last.state() != JobState.SUCCEEDED) {
      throw new IOException("the job is " + last.state());
    }
    figure("until the output was written, s", seconds(begun));
    figure(
        "coordinator's processor time per million calls, s", sum(coordinators) * 1e6 / plan.calls);
    figure("coordinator's heap after a collection, at most, MiB", heap(coordinators));
    figure("store, MiB", size(folder.resolve("store")) / 1048576.0);
    figure("store, bytes per call", size(folder.resolve("store")) / (double) plan.calls);
    checkOutput();
  }

  private void killAndResume(JobStore store, List<Coordinator> coordinators, Path input)
      throws IOException, InterruptedException {
    Coordinator first = coordinators.get(0);
    first.kill();
    JobRecord before = find(store).orElseThrow();
    long start = System.nanoTime();
    coordinators.add(startCoordinator(input));
    awaitCounts(store, coordinators, record -> record.epoch() > before.epoch());
    figure("killed half-way: owned again after, s", seconds(start));
    long ended = before.counts().ended();
    awaitCounts(store, coordinators, record -> record.counts().ended() > ended);
    figure("killed half-way: first new outcome stored after, s", seconds(start));
  }

  private interface Condition {
    boolean holds(JobRecord record);
  }

  private JobRecord awaitCounts(JobStore store, List<Coordinator> coordinators, Condition condition)
      throws IOException, InterruptedException {
    Coordinator current = coordinators.get(coordinators.size() - 1);
    while (true) {
      boolean alive = current.alive();
      Optional<JobRecord> record = find(store);
      if (record.isPresent() && condition.holds(record.get())) {
        return record.get();
      }
      if (!alive) {
        throw new IOException("the coordinator has ended: " + current.awaitExit());
      }
      Thread.sleep(POLL_MS);
    }
  }

  private static Optional<JobRecord> find(JobStore store) {
    return store.find(POOL, JOB);
  }

  private void checkOutput() throws IOException {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve("out.jsonl"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.equals("{\"index\":" + number + ",\"value\":" + number + "}")) {
          throw new IOException("line " + number + " of the output is " + line);
        }
        number++;
      }
    }
    if (number != plan.calls) {
      throw new IOException("the output has " + number + " lines");
    }
    figures.put("output", "as of an undisturbed run");
  }

  private static double sum(List<Coordinator> coordinators) {
    return coordinators.stream().mapToDouble(Coordinator::processorSeconds).sum();
  }

  private static double heap(List<Coordinator> coordinators) throws IOException {
    long most = 0;
    for (Coordinator coordinator : coordinators) {
      most = Math.max(most, coordinator.heapAfterGc());
    }
    return most;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void share(String name, double processorSeconds, double took) {
    figure(name, processorSeconds / took);
  }

  private void figure(String name, double value) {
    String text =
        value >= 1000
            ? String.format(Locale.ROOT, "%,.0f", value)
            : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    figures.put(name, text);
    System.err.println(name + ": " + text);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
