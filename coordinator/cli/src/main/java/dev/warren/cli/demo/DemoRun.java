package dev.warren.cli.demo;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.map.InOut;
import dev.warren.cli.map.Progress;
import dev.warren.json.Json;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.JsonOutcomes;
import dev.warren.pool.Pool;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of the demo: sends all jars through the pool, then prints the table and writes the
 * report. Confined to the main thread.
 */
final class DemoRun {
  private static final String FUNCTION = "dev.warren.examples.audit.JarAudit::audit";
  private static final Duration CALL_LIMIT = Duration.ofMinutes(2);
  private static final int FAILURES_SHOWN = 5;

  private final String where;
  private final BrokerUri uri;
  private final DemoJars input;
  private final int maxTasksPerChild;
  private final boolean killAChild;
  private final Path report;
  private final PrintStream out = System.out;
  private final AuditSummary summary = new AuditSummary();
  private final List<String> failures = new ArrayList<>();
  private final BitSet answered = new BitSet();
  private long repeated;
  private @Nullable DemoWorkers workers;

  DemoRun(
      String where,
      BrokerUri uri,
      DemoJars input,
      int maxTasksPerChild,
      boolean killAChild,
      Path report) {
    this.where = where;
    this.uri = uri;
    this.input = input;
    this.maxTasksPerChild = maxTasksPerChild;
    this.killAChild = killAChild;
    this.report = report;
  }

  /** Runs in child processes of this one. */
  int local(int processes) throws InterruptedException {
    out.printf(
        "pool: local, %d child processes, each recycled after %d calls%n",
        processes, maxTasksPerChild);
    DemoEvents events = new DemoEvents(out, killAChild);
    Pool.Builder pool =
        Pool.builder().uri(where).processes(processes).classPath(List.of(DemoJars.app()));
    int exit = run(pool, events);
    out.println(events.children());
    return exit;
  }

  /** Runs over the broker, on workers started for the demo. */
  int with(DemoWorkers own) throws InterruptedException {
    workers = own;
    out.println("pool: '" + uri.pool() + "' on " + uri + "; worker processes " + own.pids());
    DemoEvents events = new DemoEvents(out, false);
    int exit = run(Pool.builder().uri(where), events);
    out.printf(
        "children: %d recycled%s%n",
        own.recycled(), events.killed() ? ", 1 killed on purpose" : "");
    return exit;
  }

  /** Runs over the broker, on any workers that serve the pool. */
  int withWorkersThere() throws InterruptedException {
    out.println("pool: '" + uri.pool() + "' on " + uri + ", with the workers that are running");
    if (killAChild) {
      out.println("(no child is killed on purpose: these workers are not ours)");
    }
    return run(Pool.builder().uri(where), new DemoEvents(out, false));
  }

  private int run(Pool.Builder builder, DemoEvents events) throws InterruptedException {
    out.printf(
        Locale.ROOT,
        "input: %,d jars in %s, %,d MB%n",
        input.jars().size(),
        input.folder(),
        input.bytes() / 1_000_000);
    TaskOptions options = TaskOptions.builder().timeLimit(CALL_LIMIT).build();
    builder.name(uri.pool()).options(options).maxTasksPerChild(maxTasksPerChild).listener(events);
    long began = TimeSource.SYSTEM.nanos();
    try (Pool pool = builder.open();
        JsonOutcomes outcomes = pool.json(FUNCTION, paths(), false, 0);
        Progress progress = Progress.start(false, "jars")) {
      while (outcomes.hasNext()) {
        take(outcomes.next());
        int done = answered.cardinality();
        progress.show(done, input.jars().size(), true);
        if (done > input.jars().size() / 2) {
          halfWay(events);
        }
      }
    }
    return conclude(Duration.ofNanos(TimeSource.SYSTEM.nanos() - began));
  }

  private Iterator<Payload> paths() {
    return input.jars().stream().map(jar -> Json.write(List.of(jar.toString()))).iterator();
  }

  private void take(JsonOutcomes.Item item) {
    int index = (int) item.index();
    if (answered.get(index)) {
      repeated++;
    }
    answered.set(index);
    AuditedJar jar =
        item.<@Nullable AuditedJar>fold(DemoRun::read, failure -> failed(index, failure));
    if (jar != null) {
      summary.add(jar);
    }
  }

  private static AuditedJar read(Payload value) {
    return Json.read(value, AuditedJar.class);
  }

  private @Nullable AuditedJar failed(int index, RemoteFailure failure) {
    failures.add(input.jars().get(index) + ": " + failure.type() + ": " + failure.message());
    return null;
  }

  /** Called for each outcome of the second half. */
  private void halfWay(DemoEvents events) {
    events.halfWay();
    DemoWorkers own = workers;
    if (own != null && killAChild && !events.killed()) {
      Optional<ProcessHandle> child = own.child();
      child.ifPresent(events::kill);
    }
  }

  private int conclude(Duration took) {
    summary.print(out);
    int jars = input.jars().size();
    double seconds = Math.max(took.toMillis(), 1) / 1000.0;
    out.printf(
        Locale.ROOT,
        "%n%,d of %,d calls answered, %d failed, %d twice, in %.1f s (%.0f jars/s)%n",
        answered.cardinality(),
        jars,
        failures.size(),
        repeated,
        seconds,
        jars / seconds);
    failures.stream().limit(FAILURES_SHOWN).forEach(line -> out.println("  " + line));
    try {
      summary.write(report);
      out.println("report: " + report.toAbsolutePath());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "cannot write " + report + ": " + InOut.reason(e) + "; name another with --report",
          e);
    }
    boolean all = failures.isEmpty() && answered.cardinality() == jars && repeated == 0;
    return all ? ExitCode.DONE : ExitCode.CALLS_FAILED;
  }
}
