package dev.warren.examples.tika;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The same job with a thread pool in one JVM. */
public final class ThreadPoolJob {
  private ThreadPoolJob() {}

  /**
   * Prints a line for each document.
   *
   * @param args a file with one path per line; {@code leaky} for the library with the leak
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> documents = Files.readAllLines(Path.of(args[0]));
    boolean leaky = args.length > 1;
    Outcomes outcomes = new Outcomes(System.out);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    for (String path : documents) {
      executor.execute(() -> read(path, leaky, outcomes));
    }
    executor.shutdown();
    executor.awaitTermination(1, TimeUnit.DAYS);
  }

  /** A thread pool can run other documents after an error, so every error is caught. */
  private static void read(String path, boolean leaky, Outcomes outcomes) {
    try {
      outcomes.good(path, leaky ? DocumentText.readLeaking(path) : DocumentText.read(path));
    } catch (Throwable e) {
      outcomes.failed(path, e);
    }
  }
}
