package dev.warren.bench.measure;

import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Target;
import dev.warren.bench.harness.Work;
import dev.warren.jobs.Job;
import dev.warren.jobs.JobSpec;
import dev.warren.jobs.Jobs;
import dev.warren.jobs.output.JobResults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Measures of durable jobs in an SQLite store, over a private RabbitMQ with one worker. */
public final class JobMeasures {
  private JobMeasures() {}

  public static List<Measure> all() {
    return List.of(
        Measure.of("amqp.job", "calls/s", 3, site -> new JobSampler(site, false))
            .target(Target.atLeast(50_000)),
        Measure.of("amqp.job.results", "lines/s", 3, site -> new JobSampler(site, true))
            .target(Target.atLeast(200_000)));
  }

  /** Runs a job from its submission to its end, or reads the results of one. */
  private static final class JobSampler implements Sampler {
    private final Cluster cluster;
    private final Path folder;
    private final Jobs jobs;
    private final int calls;
    private final boolean results;
    private int number;

    private JobSampler(Site site, boolean results) throws IOException, InterruptedException {
      this.cluster = Cluster.start(site, 1, Runtime.getRuntime().availableProcessors());
      this.folder = Files.createTempDirectory("warren-jobs");
      this.jobs = Jobs.open(folder.toString(), cluster.pool());
      this.calls = site.work(500_000);
      this.results = results;
    }

    @Override
    public double sample() throws InterruptedException {
      long start = System.nanoTime();
      Job job = run();
      return results ? read(job) : PoolWork.perSecond(calls, start);
    }

    private Job run() throws InterruptedException {
      JobSpec spec =
          JobSpec.named("job" + number++)
              .function(Work::same)
              .items(IntStream.range(0, calls).boxed().toList())
              .build();
      try {
        Job job = jobs.submit(spec);
        job.await();
        return job;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private double read(Job job) {
      long start = System.nanoTime();
      try (JobResults outcomes = job.results()) {
        outcomes.forEachRemaining(item -> {});
      }
      return PoolWork.perSecond(calls, start);
    }

    @Override
    public void close() {
      jobs.close();
      cluster.close();
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(JobSampler::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete(Path file) {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
