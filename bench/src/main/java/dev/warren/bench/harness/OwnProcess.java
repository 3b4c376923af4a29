package dev.warren.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Runs a separate JVM that prints one figure as its last line; for measures that depend on the heap
 * size.
 */
public final class OwnProcess {
  private OwnProcess() {}

  public static double figure(
      Site site, Class<?> main, List<String> options, Map<String, String> set)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(site.program(main, options));
    builder.environment().putAll(set);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    process.outputWriter().close();
    String last = "";
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        last = line;
      }
    }
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(main.getSimpleName() + " exited with code " + code + ": " + last);
    }
    return Double.parseDouble(last);
  }
}
