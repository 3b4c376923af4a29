package dev.warren.bench.scale;

import dev.warren.bench.harness.Site;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What viewers of a coordinator's page cost while a job runs: its processor time without and with
 * them, the size of what they are sent, and how soon a new one sees something. Confined to one
 * thread.
 */
final class PageRun implements AutoCloseable {
  private static final String JOB = "scale";
  private static final int SECONDS = 30;
  private static final int PORT = 18_765;
  private static final String BASE = "http://127.0.0.1:" + PORT + "/api/v1";
  private static final int CREATED = 201;
  private static final int POLL_MS = 20;

  private final Site site;
  private final Path folder;
  private final String heap;
  private final Figures figures;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<PageViewer> viewers = new ArrayList<>();
  private Coordinator coordinator;

  /** Receives the figures. */
  @FunctionalInterface
  interface Figures {
    void figure(String name, double value);
  }

  PageRun(Site site, Path folder, String heap, Figures figures)
      throws IOException, InterruptedException {
    this.site = site;
    this.folder = folder;
    this.heap = heap;
    this.figures = figures;
    this.coordinator = start();
  }

  private Coordinator start() throws IOException, InterruptedException {
    return Coordinator.start(
        site,
        folder,
        heap,
        List.of(
            "coordinator",
            "--listen",
            "127.0.0.1:" + PORT,
            "--store",
            folder.resolve("store").toString(),
            "--pool",
            "scale",
            "--broker",
            site.brokerUri()));
  }

  /**
   * Runs it.
   *
   * @param count viewers
   * @param minutes how long they stay after the other measurements
   */
  void run(Path input, int count, int minutes) throws IOException, InterruptedException {
    awaitReady();
    submit(input);
    share("processors: coordinator, job running, no viewer", 0);
    share("processors: coordinator, job running, " + count + " viewers", count);
    figures.figure("largest first event, KiB", max(PageViewer::firstBytes) / 1024.0);
    figures.figure("largest later event, KiB", max(PageViewer::largestDelta) / 1024.0);
    figures.figure("later events per viewer and second", max(PageViewer::deltasPerSecond));
    if (minutes > 0) {
      stay(minutes);
    }
    closeViewers();
    share("processors: coordinator, job running, no viewer again", 0);
    figures.figure("first data of a new viewer, ms", firstData());
    long before = ended();
    coordinator.kill();
    long killed = System.nanoTime();
    coordinator = start();
    awaitReady();
    long again = ended();
    figures.figure("killed: the counts are back after, s", (System.nanoTime() - killed) / 1e9);
    if (again < before) {
      throw new IOException("after the restart " + again + " calls had ended, before " + before);
    }
    figures.figure("killed: first data of a new viewer of the job, ms", firstData());
  }

  private void awaitReady() throws IOException, InterruptedException {
    while (true) {
      if (!coordinator.alive()) {
        throw new IOException("the coordinator has ended: " + coordinator.awaitExit());
      }
      try {
        if (get("/health").statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not yet
      }
      Thread.sleep(POLL_MS);
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(BASE + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private void submit(Path input) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    BASE + "/jobs?name=" + JOB + "&function=dev.warren.bench.harness.Work::same"))
            .POST(HttpRequest.BodyPublishers.ofFile(input))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != CREATED) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }

  private long ended() throws IOException, InterruptedException {
    String job = get("/jobs/" + JOB).body();
    return Long.parseLong(job.replaceFirst("(?s).*\"succeeded\":(\\d+).*", "$1"));
  }

  /** Processor time per second over some time, after some seconds of warming up. */
  private void share(String name, int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      viewers.add(PageViewer.open(BASE, i % 2 == 0 ? "now" : "job:" + JOB));
    }
    Thread.sleep(SECONDS * 1000L / 3);
    viewers.forEach(PageViewer::restart);
    coordinator.alive();
    double before = coordinator.processorSeconds();
    long ended = ended();
    long start = System.nanoTime();
    Thread.sleep(SECONDS * 1000L);
    coordinator.alive();
    double seconds = (System.nanoTime() - start) / 1e9;
    figures.figure(name, (coordinator.processorSeconds() - before) / seconds);
    figures.figure("  calls/s meanwhile", (ended() - ended) / seconds);
    figures.figure("  heap after a collection so far, MiB", (double) coordinator.heapAfterGc());
  }

  /** What it costs that the viewers stay for some time. */
  private void stay(int minutes) throws IOException, InterruptedException {
    figures.figure("heap in use, MiB", (double) coordinator.heapInUse());
    coordinator.alive();
    double before = coordinator.processorSeconds();
    long ended = ended();
    for (int i = 0; i < minutes; i++) {
      Thread.sleep(60_000);
      if (!coordinator.alive()) {
        throw new IOException("the coordinator has ended: " + coordinator.awaitExit());
      }
    }
    double used = coordinator.processorSeconds() - before;
    figures.figure("  processors meanwhile, " + viewers.size() + " viewers", used / 60 / minutes);
    figures.figure("heap in use " + minutes + " min later, MiB", (double) coordinator.heapInUse());
    figures.figure("  calls/s meanwhile", (ended() - ended) / (60.0 * minutes));
    figures.figure("  events per viewer and second", max(PageViewer::deltasPerSecond));
  }

  private double firstData() throws IOException, InterruptedException {
    List<Double> all = new ArrayList<>();
    for (String view : List.of("now", "job:" + JOB, "jobs")) {
      try (PageViewer viewer = PageViewer.open(BASE, view)) {
        all.add(viewer.firstMillis());
      }
    }
    return all.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private interface Measure {
    double of(PageViewer viewer);
  }

  private double max(Measure measure) {
    return viewers.stream().mapToDouble(measure::of).max().orElse(0);
  }

  private void closeViewers() {
    viewers.forEach(PageViewer::close);
    viewers.clear();
  }

  @Override
  public void close() {
    closeViewers();
    try {
      coordinator.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
