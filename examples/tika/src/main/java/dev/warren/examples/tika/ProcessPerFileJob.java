package dev.warren.examples.tika;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The same job with a new JVM for each document. */
public final class ProcessPerFileJob {
  private static final long TIME_LIMIT_SECONDS = 60;

  private ProcessPerFileJob() {}

  /**
   * Prints a line for each document.
   *
   * @param args a file with one path per line; the heap of a process, such as 256m; {@code leaky}
   *     for the library with the leak
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> documents = Files.readAllLines(Path.of(args[0]));
    Outcomes outcomes = new Outcomes(System.out);
    int processes = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = Executors.newFixedThreadPool(processes);
    for (String path : documents) {
      executor.execute(() -> read(path, args[1], args.length > 2, outcomes));
    }
    executor.shutdown();
    executor.awaitTermination(1, TimeUnit.DAYS);
  }

  private static void read(String path, String heap, boolean leaky, Outcomes outcomes) {
    try {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      ProcessBuilder builder =
          new ProcessBuilder(
              java.toString(),
              "-Xmx" + heap,
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              OneDocument.class.getName(),
              path,
              leaky ? "leaky" : "");
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException("killed after " + TIME_LIMIT_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("exit code " + process.exitValue());
      }
    } catch (IOException e) {
      outcomes.failed(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The program of one process. */
  static final class OneDocument {
    private OneDocument() {}

    public static void main(String[] args) {
      Outcomes outcomes = new Outcomes(System.out);
      try {
        boolean leaky = args[1].equals("leaky");
        outcomes.good(
            args[0], leaky ? DocumentText.readLeaking(args[0]) : DocumentText.read(args[0]));
      } catch (Exception e) {
        outcomes.failed(args[0], e);
      }
    }
  }
}
