package dev.warren.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The functions of the scenarios. Runs in children; needs only the JDK. */
public final class Work {
  private static final List<byte[]> KEPT = new ArrayList<>();

  private Work() {}

  /**
   * One call.
   *
   * @param folder the scenario's folder, where each start of a call leaves its trace
   * @param number the call's number, which is also its value
   * @param always whether it carries out its action each time it runs; otherwise the first time
   *     only
   */
  public record Ticket(String folder, int number, Deed deed, boolean always) {}

  /** What a call does: ordinary work each time it runs, or a fault as the ticket specifies. */
  public enum Deed {
    NOTHING,
    WORK_5_MS,
    SLEEP_20_MS,
    SLEEP_100_MS,
    SLEEP_4_S,
    EXIT_0,
    EXIT_3,
    HALT,
    SIGNAL_STOP,
    SIGNAL_SEGV,
    CLOSE_LINK,
    GARBAGE_ON_LINK,
    HUGE_FRAME,
    FALSE_OUTCOME,
    FILL_HEAP,
    TAKE_MEMORY,
    OVERFLOW_STACK,
    THROW_HOSTILE,
    ANSWER_GARBAGE,
    HANG,
    SPIN,
    IGNORE_INTERRUPTS,
    FLOOD_OUTPUT,
    FORK_DAEMON,
    KILL_WORKER
  }

  /** Leaves its trace, carries out its action and returns its number. */
  public static int run(Ticket ticket) throws Exception {
    Path folder = Path.of(ticket.folder());
    Traces.began(folder, ticket.number());
    switch (ticket.deed()) {
      case NOTHING -> {}
      case WORK_5_MS -> spin(5);
      case SLEEP_20_MS -> TimeUnit.MILLISECONDS.sleep(20);
      case SLEEP_100_MS -> TimeUnit.MILLISECONDS.sleep(100);
      case SLEEP_4_S -> TimeUnit.SECONDS.sleep(4);
      default -> {
        if (first(folder, ticket.number()) || ticket.always()) {
          fail(ticket.deed());
        }
      }
    }
    return ticket.number();
  }

  /** The same, but returns a text of a mebibyte that begins with its number and a colon. */
  public static String large(Ticket ticket) throws Exception {
    String start = run(ticket) + ":";
    return start + "x".repeat((1 << 20) - start.length());
  }

  /** As short a call as possible, without a trace. */
  public static int negated(int number) {
    return -number;
  }

  private static void fail(Deed deed) throws Exception {
    switch (deed) {
      case EXIT_0 -> System.exit(0);
      case EXIT_3 -> System.exit(3);
      case HALT -> Runtime.getRuntime().halt(7);
      case SIGNAL_STOP -> signal("STOP");
      case FILL_HEAP -> fillHeap();
      case TAKE_MEMORY -> takeMemory();
      case OVERFLOW_STACK -> deeper(1);
      case THROW_HOSTILE -> throw new Hostile();
      case HANG -> new CountDownLatch(1).await();
      case SPIN -> spin(Long.MAX_VALUE / 2_000_000);
      case IGNORE_INTERRUPTS -> ignoreInterrupts();
      case FLOOD_OUTPUT -> flood();
      case FORK_DAEMON -> fork();
      case KILL_WORKER -> killWorker();
      default -> throw new IllegalArgumentException("no fault: " + deed);
    }
  }

  /** An exception whose methods throw, return null, or return an endless chain of causes. */
  public static final class Hostile extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new AssertionError("hostile");
    }

    @Override
    public StackTraceElement @Nullable [] getStackTrace() {
      return null;
    }

    @Override
    public synchronized Throwable getCause() {
      return new Hostile();
    }
  }

  /** An initializer that fails. */
  public static boolean brokenStart() {
    throw new IllegalStateException("no database here");
  }

  /** An initializer that fails the first {@code times} times. */
  public static boolean brokenAtFirst(String folder, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      if (first(Path.of(folder), -1 - i)) {
        throw new IllegalStateException("not yet, " + (i + 1) + " of " + times);
      }
    }
    return true;
  }

  /**
   * Returns true if this number was not claimed before; then creates a file with the process that
   * claimed it.
   */
  private static boolean first(Path folder, int number) throws IOException {
    Path mark = mark(folder, number);
    Path mine = Files.createTempFile(folder, "pid", null);
    Files.writeString(mine, Long.toString(ProcessHandle.current().pid()));
    try {
      Files.createDirectory(folder.resolve("taken-" + number));
    } catch (FileAlreadyExistsException e) {
      Files.delete(mine);
      return false; // already claimed
    }
    Files.move(mine, mark, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /** The file with the id of the process that first carried out the call's action. */
  static Path mark(Path folder, int number) {
    return folder.resolve("deed-" + number);
  }

  private static void spin(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  static void signal(String name) throws Exception {
    String self = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", "-" + name, self).inheritIO().start().waitFor();
  }

  /** Kills its worker, as the kernel's out-of-memory killer may do because of a call. */
  private static void killWorker() throws Exception {
    ProcessHandle.current().parent().orElseThrow().destroyForcibly();
    new CountDownLatch(1).await();
  }

  private static void fillHeap() {
    while (true) {
      KEPT.add(new byte[1 << 20]);
    }
  }

  /** Takes half a gigabyte within a few seconds, and keeps it. */
  private static void takeMemory() throws InterruptedException {
    for (int i = 0; i < 512; i++) {
      KEPT.add(new byte[1 << 20]);
      TimeUnit.MILLISECONDS.sleep(5);
    }
    new CountDownLatch(1).await();
  }

  @SuppressWarnings("InfiniteRecursion") // that is what it is for
  private static int deeper(int depth) {
    return 1 + deeper(depth + 1);
  }

  private static void ignoreInterrupts() {
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        System.err.println("interrupted, and going on");
      }
    }
  }

  private static void flood() throws IOException {
    byte[] line = ("x".repeat(999) + "\n").getBytes(StandardCharsets.US_ASCII);
    for (OutputStream stream : List.<OutputStream>of(System.out, System.err)) {
      for (int i = 0; i < 4000; i++) {
        stream.write(line);
      }
      // one unterminated line, longer than any buffer
      stream.write("y".repeat(3_000_000).getBytes(StandardCharsets.US_ASCII));
      stream.flush();
    }
  }

  /** Starts a process that is reparented and keeps the child's output pipes open. */
  private static void fork() throws Exception {
    new ProcessBuilder("setsid", "sh", "-c", "sleep 1000 & sleep 1000 &")
        .inheritIO()
        .start()
        .waitFor();
  }

  /** How often each call was started: four bytes per start, in one file per process. */
  static final class Traces {
    private static OutputStream out;

    private Traces() {}

    static synchronized void began(Path folder, int number) throws IOException {
      if (out == null) {
        Path file = folder.resolve("began-" + ProcessHandle.current().pid());
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      byte[] bytes = {
        (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
      };
      out.write(bytes);
    }
  }
}
