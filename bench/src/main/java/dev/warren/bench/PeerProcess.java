package dev.warren.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Another program that can be measured: it says {@code ready}, then answers each line of its input
 * with one figure, and ends with its input.
 */
final class PeerProcess implements Sampler {
  private static final String GUARDED = "LC_ALL";

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;

  private PeerProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts it and waits until it is ready. */
  static PeerProcess start(Map<String, String> environment, String... command) throws IOException {
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
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("ended instead of answering");
    }
    return Double.parseDouble(answer);
  }

  @Override
  public void close() throws IOException {
    requests.close();
    Processes.awaitEnd(process);
  }
}
