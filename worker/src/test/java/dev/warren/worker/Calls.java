package dev.warren.worker;

import dev.warren.task.TaskContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Functions that tests call in children. */
public final class Calls {
  private static final List<byte[]> KEPT = new ArrayList<>();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final AtomicInteger RUNNING = new AtomicInteger();

  private Calls() {}

  /** Returns the number. */
  public static int same(int number) {
    return number;
  }

  /** Returns the number after some work. */
  public static int sameAfter5ms(int number) {
    long end = System.nanoTime() + 5_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return number;
  }

  /** Returns the id of its process, after this time. */
  public static long pidAfter(int millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    return ProcessHandle.current().pid();
  }

  /** Returns the id of its process and how many calls that process has run with this function. */
  public static String pidAndCount(int number) {
    return ProcessHandle.current().pid() + ":" + COUNT.incrementAndGet();
  }

  /** Throws for every third number. */
  public static int thirdsFail(int number) {
    if (number % 3 == 0) {
      throw new IllegalStateException("no thirds: " + number);
    }
    return number;
  }

  /** Writes its process id into a file, then hangs. */
  public static void hang(String file) throws IOException, InterruptedException {
    Files.writeString(Path.of(file), Long.toString(ProcessHandle.current().pid()));
    new CountDownLatch(1).await();
  }

  /** Hangs when first called with this file; later returns the number of attempts. */
  public static int hangOnce(String file) throws IOException, InterruptedException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      hang(file);
    }
    return TaskContext.current().attempt();
  }

  /** Starts a process that would outlive it, writes both process ids into a file, then hangs. */
  public static void hangWithGrandchild(String file) throws IOException, InterruptedException {
    Process sleeper =
        new ProcessBuilder("setsid", "sh", "-c", "sleep 600 & echo $! > " + file + ".sleep; wait")
            .start();
    while (!Files.exists(Path.of(file + ".sleep"))) {
      Thread.onSpinWait();
    }
    Files.writeString(Path.of(file), Long.toString(sleeper.pid()));
    new CountDownLatch(1).await();
  }

  /** Returns its place in the trace. */
  public static @Nullable String traceparent() {
    return TaskContext.current().traceparent();
  }

  /** The same, but the first time it exits its process. */
  public static @Nullable String traceparentAfterDeath(String file) throws IOException {
    if (Files.notExists(Path.of(file))) {
      Files.createFile(Path.of(file));
      die(3);
    }
    return traceparent();
  }

  /** Exits its process. */
  public static void die(int code) {
    System.err.println("about to exit with " + code);
    Runtime.getRuntime().halt(code);
  }

  /** Exits its process if the code is not negative. */
  public static int dieIfPositive(int code) {
    if (code >= 0) {
      die(code);
    }
    return code;
  }

  /** Appends a line to a file. */
  public static int mark(String file) throws IOException {
    Files.writeString(Path.of(file), "x\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return 1;
  }

  /**
   * Appends a line to a file, waits for another file beside it, and returns the attempt's number.
   */
  public static int markAndWait(String file) throws IOException, InterruptedException {
    mark(file);
    while (!Files.exists(Path.of(file + ".go"))) {
      new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
    }
    return TaskContext.current().attempt();
  }

  /** Waits until the file exists; an empty name means no wait. */
  public static int waitFor(String file) throws InterruptedException {
    while (!file.isEmpty() && !Files.exists(Path.of(file))) {
      new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
    }
    return file.length();
  }

  /** Returns how many such calls ran at once, at most, during this time. */
  public static int mostAtOnce(int millis) throws InterruptedException {
    int max = RUNNING.incrementAndGet();
    try {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      while (System.nanoTime() < end) {
        new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
        max = Math.max(max, RUNNING.get());
      }
      return max;
    } finally {
      RUNNING.decrementAndGet();
    }
  }

  /** Fails until the file has this number of lines. */
  public static int succeedAt(String file, int attempts) throws IOException {
    mark(file);
    int lines = Files.readAllLines(Path.of(file)).size();
    if (lines < attempts) {
      throw new IOException("attempt " + lines);
    }
    return lines;
  }

  /** Asks for its child to be recycled. */
  public static long askForRecycle() {
    TaskContext.current().requestRecycle();
    return ProcessHandle.current().pid();
  }

  /** Allocates this number of MiB permanently. */
  public static int grow(int mebibytes) {
    KEPT.add(new byte[mebibytes << 20]);
    return mebibytes;
  }

  /** Allocates this number of MiB permanently, then hangs. */
  public static void growAndHang(int mebibytes) throws InterruptedException {
    grow(mebibytes);
    new CountDownLatch(1).await();
  }

  /** Starts a process that allocates this number of MiB, then hangs. */
  public static void hangWithHungryGrandchild(int mebibytes)
      throws IOException, InterruptedException {
    new ProcessBuilder("python3", "-c", "b = b'x' * (" + mebibytes + " << 20); input()")
        .redirectInput(ProcessBuilder.Redirect.PIPE)
        .start();
    new CountDownLatch(1).await();
  }

  /** An initializer that fails. */
  public static void brokenStart() {
    throw new IllegalStateException("no database here");
  }
}
