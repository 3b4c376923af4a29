package dev.warren.bench.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Another program that is measured: it prints {@code ready}, then answers each line of input with
 * one figure, and exits at the end of its input.
 */
public final class PeerProcess implements Sampler {
  private static final String GUARDED = "LC_ALL";
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;

  private PeerProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts the program and waits until it is ready. */
  public static PeerProcess start(Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(GUARDED, "C.UTF-8");
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    PeerProcess peer = new PeerProcess(builder.start());
    String first = peer.answers.readLine();
    if (!"ready".equals(first)) {
      peer.process.destroy();
      throw new IOException("did not become ready: " + (first == null ? "it ended" : first));
    }
    return peer;
  }

  @Override
  public double sample() throws IOException {
    requests.write("go\n");
    requests.flush();
    // a hanging program must not hold up the others
    var late = CompletableFuture.delayedExecutor(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    CompletableFuture<Void> limit = CompletableFuture.runAsync(this::kill, late);
    String answer = answers.readLine();
    boolean inTime = limit.cancel(false);
    if (answer == null) {
      throw new IOException(
          inTime ? "ended instead of answering" : "hung: no answer within " + ANSWER_LIMIT);
    }
    return Double.parseDouble(answer);
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    requests.close();
    Processes.awaitEnd(process);
  }
}
