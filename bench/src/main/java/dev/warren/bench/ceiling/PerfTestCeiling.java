package dev.warren.bench.ceiling;

import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The broker's maximum with two messages per call and nothing else, measured with RabbitMQ's own
 * PerfTest: one message through a quorum queue, like a task, and one through a durable classic
 * queue, like an outcome; persistent, mandatory, confirmed, acknowledged in batches. The two are
 * measured one after the other, and a call takes the time of one of each.
 */
public final class PerfTestCeiling implements Sampler {
  private static final Pattern RECEIVED = Pattern.compile("receiving rate avg: (\\d+) msg/s");
  private static final int SECONDS = 8;

  private final Site site;
  private final String classPath;
  private final List<Double> quorum = new ArrayList<>();
  private final List<Double> classic = new ArrayList<>();

  private PerfTestCeiling(Site site, String classPath) {
    this.site = site;
    this.classPath = classPath;
  }

  public static PerfTestCeiling open(Site site) throws IOException {
    Path file = site.home().resolve("bench/target/perf-test.classpath");
    if (!Files.isReadable(file)) {
      throw new IOException("PerfTest is missing; ./bench/run --peers fetches it with Maven");
    }
    return new PerfTestCeiling(site, Files.readString(file).strip());
  }

  /** Does nothing, because each run is a separate process. */
  @Override
  public void warmUp(Duration min) {}

  @Override
  public double sample() throws IOException, InterruptedException {
    double quorumRate = rate("--quorum-queue");
    double classicRate = rate("-ad", "false", "-f", "persistent");
    quorum.add(quorumRate);
    classic.add(classicRate);
    return 1 / (1 / quorumRate + 1 / classicRate);
  }

  private double rate(String... queue) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(site.java(), "-cp", classPath));
    command.add("com.rabbitmq.perf.PerfTest");
    command.addAll(List.of("--uri", site.brokerUri().replaceFirst("/$", "/%2f")));
    command.addAll(List.of("-u", "perftest-" + System.nanoTime(), "-x", "1", "-y", "1"));
    command.addAll(List.of("-c", "500", "-q", "500", "-A", "50", "-s", "100"));
    command.addAll(List.of("-f", "mandatory", "-f", "persistent", "-z", String.valueOf(SECONDS)));
    command.addAll(List.of(queue));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.outputWriter().close();
    Double rate = null;
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        Matcher matcher = RECEIVED.matcher(line);
        rate = matcher.find() ? Double.valueOf(matcher.group(1)) : rate;
      }
    }
    process.waitFor();
    if (rate == null || rate == 0) {
      throw new IOException("PerfTest gave no rate: " + String.join(" | ", lines));
    }
    return rate;
  }

  @Override
  public Map<String, Object> notes() {
    Map<String, Object> notes = new LinkedHashMap<>();
    notes.put("quorum messages per second", quorum);
    notes.put("classic messages per second", classic);
    return notes;
  }
}
