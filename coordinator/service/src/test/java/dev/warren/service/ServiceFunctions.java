package dev.warren.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the jobs of these tests call. */
public final class ServiceFunctions {
  private ServiceFunctions() {}

  public static int twice(int number) {
    return 2 * number;
  }

  /** Takes 2 ms. */
  public static int slowly(int number) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(2);
    if (number % 10 == 3) {
      throw new IllegalStateException("no number " + number);
    }
    return number;
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

  private static final AtomicInteger CALLS = new AtomicInteger();

  /** Uses something up: fails once this process has run 80 calls. */
  public static int leaks(int number) {
    if (CALLS.getAndIncrement() >= 80) {
      throw new IllegalStateException("too many open files");
    }
    return number;
  }

  /** Like {@link #leaks}, but ends the process. */
  public static int crashes(int number) {
    if (CALLS.getAndIncrement() >= 80) {
      Runtime.getRuntime().halt(3);
    }
    return number;
  }

  /** Fails for odd numbers. */
  public static int oddFails(int number) {
    if (number % 2 == 1) {
      throw new IllegalArgumentException(number + " is odd");
    }
    return number;
  }

  /** Returns when a file of this name exists. */
  public static String await(String file) throws InterruptedException {
    while (!Files.exists(Path.of(file))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return "there";
  }
}
