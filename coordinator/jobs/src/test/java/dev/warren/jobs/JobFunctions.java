package dev.warren.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the jobs of these tests call. */
public final class JobFunctions {
  private JobFunctions() {}

  public static int twice(int number) {
    return 2 * number;
  }

  public static int add(int a, int b) {
    return a + b;
  }

  /** Fails for every tenth number, unless a file of this name exists. */
  public static int failing(String line) {
    String[] parts = line.split(" ", 2);
    int number = Integer.parseInt(parts[0]);
    if (number % 10 == 3 && !Files.exists(Path.of(parts[1]))) {
      throw new IllegalStateException("no number " + number + " today");
    }
    return number;
  }

  /** Returns when a file of this name exists. */
  public static String await(String file) throws InterruptedException {
    while (!Files.exists(Path.of(file))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return file;
  }

  public static int fails(int number) {
    throw new IllegalArgumentException("never " + number);
  }
}
