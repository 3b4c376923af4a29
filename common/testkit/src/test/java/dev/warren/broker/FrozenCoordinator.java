package dev.warren.broker;

import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.testkit.TestJava;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A coordinator in a process of its own, which a test stops with SIGSTOP. It prints {@value #HOLDS}
 * once it holds as many deliveries as its prefetch, and {@value #LOST} when its connection is lost;
 * then it acknowledges the deliveries of the lost connection and prints {@value #ACKED}.
 */
final class FrozenCoordinator implements AutoCloseable {
  static final String HOLDS = "holds its prefetch";
  static final String LOST = "lost its connection";
  static final String ACKED = "acknowledged";

  private final Process process;
  private final BufferedReader lines;

  private FrozenCoordinator(Process process) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one that consumes this job's results queue. */
  static FrozenCoordinator start(String uri, String jobId, int prefetch) throws IOException {
    List<String> command =
        TestJava.command(
            "-cp",
            System.getProperty("java.class.path"),
            FrozenCoordinator.class.getName(),
            uri,
            jobId,
            String.valueOf(prefetch));
    return new FrozenCoordinator(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until it prints this line. */
  void awaitLine(String wanted) throws IOException {
    for (String line = lines.readLine(); !wanted.equals(line); line = lines.readLine()) {
      if (line == null) {
        throw new AssertionError("the process ended before it printed '" + wanted + "'");
      }
    }
  }

  /** Stops its process, without the process noticing, or continues it. */
  void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + name + " failed with " + code);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    int prefetch = Integer.parseInt(args[2]);
    RabbitBroker broker =
        RabbitBroker.open(BrokerUri.parse(args[0]), "frozen", Duration.ofSeconds(30));
    broker.declare(PoolNames.jobResultsTopology(args[1]));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    broker.addListener(
        new BrokerListener() {
          @Override
          public void disconnected(String reason) {
            lost.add(reason);
          }
        });
    broker.subscribe(PoolNames.jobResults(args[1]), prefetch, got::add);
    Delivery[] held = new Delivery[prefetch];
    for (int i = 0; i < prefetch; i++) {
      held[i] = got.take();
    }
    System.out.println(HOLDS);
    lost.take();
    System.out.println(LOST);
    for (Delivery delivery : held) {
      delivery.ack();
    }
    System.out.println(ACKED);
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).read();
    broker.close();
  }
}
