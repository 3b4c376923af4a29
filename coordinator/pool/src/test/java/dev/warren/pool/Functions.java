package dev.warren.pool;

import dev.warren.task.TaskContext;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Functions of the conformance suite; they run in children. */
public final class Functions {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final AtomicInteger INITS = new AtomicInteger();
  private static volatile String setting = "none";

  private Functions() {}

  public static int twice(int n) {
    return 2 * n;
  }

  public static int slowTwice(int n) throws InterruptedException {
    Thread.sleep(2);
    return 2 * n;
  }

  public static int add(int a, int b) {
    return a + b;
  }

  public static int failIfOdd(int n) {
    if (n % 2 == 1) {
      throw new IllegalStateException("odd: " + n);
    }
    return n;
  }

  public static long pid(int ignored) {
    return ProcessHandle.current().pid();
  }

  /** Returns the process and how many calls of this function it has run. */
  public static long[] pidAndCount(int ignored) {
    return new long[] {ProcessHandle.current().pid(), CALLS.incrementAndGet()};
  }

  public static boolean init(String value) {
    INITS.incrementAndGet();
    setting = value;
    return true;
  }

  /** Waits until the file exists. */
  public static boolean waitForFile(String file) throws InterruptedException {
    while (!Files.exists(Path.of(file))) {
      Thread.sleep(10);
    }
    return true;
  }

  /** Allocates this much memory, and keeps it for this time. */
  public static int take(int mebibytes, int millis) throws InterruptedException {
    List<byte[]> blocks = new ArrayList<>();
    for (int i = 0; i < mebibytes; i++) {
      byte[] block = new byte[1 << 20];
      Arrays.fill(block, (byte) i);
      blocks.add(block);
    }
    Thread.sleep(millis);
    return blocks.size();
  }

  /** Reports half of its progress, and works for this time. */
  public static int halfWay(int millis) throws InterruptedException {
    TaskContext.current().progress(0.5);
    Thread.sleep(millis);
    return millis;
  }

  public static boolean failInit() {
    throw new IllegalArgumentException("no start");
  }

  public static String setting(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return setting;
  }

  /** Returns the process, how often the initializer ran there, and the value it set. */
  public static List<String> initialised(int ignored) {
    return List.of(
        Long.toString(ProcessHandle.current().pid()), Integer.toString(INITS.get()), setting);
  }

  /** Returns a text of this length. */
  public static String large(int length) {
    return "x".repeat(length);
  }

  public static int sleep(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  public static long sleepingPid(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return ProcessHandle.current().pid();
  }

  /** Returns the name of the supervisor of this process. */
  public static String supervisor(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return System.getenv("WARREN_SUPERVISOR");
  }

  /** Returns its start and end times. */
  public static long[] span(int millis) throws InterruptedException {
    long start = System.currentTimeMillis();
    Thread.sleep(millis);
    return new long[] {start, System.currentTimeMillis()};
  }

  /** Appends a line to a file, then sleeps. */
  public static int mark(String file, int millis) throws IOException, InterruptedException {
    append(file);
    Thread.sleep(millis);
    return millis;
  }

  /** Starts a process, writes both process ids into a file, and waits for it. */
  public static int startProcess(String file, int seconds)
      throws IOException, InterruptedException {
    Process started = new ProcessBuilder("sleep", Integer.toString(seconds)).start();
    append(file);
    append(file, Long.toString(started.pid()));
    return started.waitFor();
  }

  /** Appends a line to a file, then runs on, ignoring interrupts. */
  public static int stubborn(String file) throws IOException {
    append(file);
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end) {
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        // that is the point
      }
    }
    return 1;
  }

  /** Fails until the file has this number of lines; each run appends one. */
  public static int succeedAt(String file, int attempt) throws IOException {
    append(file);
    int lines = Files.readAllLines(Path.of(file)).size();
    if (lines < attempt) {
      throw new IllegalStateException("attempt " + lines);
    }
    return TaskContext.current().attempt();
  }

  private static void append(String file) throws IOException {
    append(file, Long.toString(ProcessHandle.current().pid()));
  }

  /** Appends even if the call is interrupted, which would close a channel. */
  private static void append(String file, String line) throws IOException {
    try (OutputStream out = new FileOutputStream(file, true)) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Ends its process in the given way. */
  public static int end(String how) {
    System.err.println("about to end by " + how);
    switch (how) {
      case "exit" -> System.exit(7);
      case "halt" -> Runtime.getRuntime().halt(8);
      case "kill" -> {
        try {
          new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
              .start()
              .waitFor();
        } catch (IOException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      case "memory" -> {
        List<byte[]> all = new ArrayList<>();
        while (true) {
          all.add(new byte[16 << 20]);
          System.err.println(all.size() + " blocks");
        }
      }
      case "error" -> throw new NoClassDefFoundError("an error");
      case "stack" -> {
        return 1 + end(how);
      }
      default -> throw new IllegalArgumentException(how);
    }
    return 0;
  }

  /** An exception that cannot be constructed from a message. */
  public static final class Odd extends Exception {
    private static final long serialVersionUID = 1L;

    /** Needs more than a message. */
    public Odd(int a, Object b) {
      super(a + " and " + b);
    }
  }

  public static int throwOdd(int n) throws Odd {
    throw new Odd(n, n);
  }

  /** A result that cannot be serialized. */
  public static final class Unwritable {
    /** Throws. */
    public int getValue() {
      throw new IllegalStateException("no value");
    }
  }

  public static Unwritable unwritable(int n) {
    return new Unwritable();
  }

  /** A value that can be read only if it is even. */
  public record Even(int n) {
    /** Rejects odd numbers, on the owner's side only. */
    public Even {
      if (n % 2 == 1 && Boolean.getBoolean("warren.test.owner")) {
        throw new IllegalArgumentException("not even");
      }
    }
  }

  public static Even even(int n) {
    return new Even(n);
  }

  public static Map<String, Object> looksLikeAFailure(int n) {
    return Map.of("error", Map.of("kind", "failed", "n", n));
  }

  /** Returns values of every shape. */
  @SuppressWarnings("ArrayRecordComponent") // that an array travels is to be shown
  public record Shapes(
      List<Point> points,
      Map<String, BigDecimal> amounts,
      DayOfWeek day,
      Optional<String> some,
      Optional<String> none,
      Instant instant,
      LocalDate date,
      byte[] bytes,
      @Nullable String nothing) {}

  /** A point. */
  public record Point(int x, int y) {}

  public static Shapes shapes(Shapes shapes) {
    return shapes;
  }

  public static Map<String, List<Point>> generic(int n) {
    return Map.of("points", List.of(new Point(n, n)));
  }

  public static @Nullable String nothing(@Nullable String nothing) {
    return nothing;
  }

  public static List<String> context(int ignored) {
    TaskContext context = TaskContext.current();
    context.log("a line");
    context.progress(0.5);
    return List.of(
        context.jobId(),
        Long.toString(context.callId()),
        Integer.toString(context.attempt()),
        Boolean.toString(context.deadline().isPresent()),
        Boolean.toString(context.cancelled()));
  }

  public static long recycle(int ignored) {
    TaskContext.current().requestRecycle();
    return ProcessHandle.current().pid();
  }

  public static String joined3(String a, int b, boolean c) {
    return a + b + c;
  }

  public static String joined4(String a, int b, boolean c, long d) {
    return a + b + c + d;
  }

  public static List<Point> points(List<Point> points) {
    return points.stream().map(point -> new Point(point.x(), point.y())).toList();
  }

  public static Map<String, BigDecimal> amounts(Map<String, BigDecimal> amounts) {
    return amounts.entrySet().stream()
        .collect(
            Collectors.toMap(
                amount -> amount.getKey(), amount -> amount.getValue().add(BigDecimal.ZERO)));
  }

  public static Map<DayOfWeek, List<Point>> byDay(Map<DayOfWeek, List<Point>> points) {
    return points.entrySet().stream()
        .collect(
            Collectors.toMap(
                day -> day.getKey(),
                day -> day.getValue().stream().map(p -> new Point(p.x(), p.y())).toList()));
  }

  public static Optional<Point> maybe(Optional<Point> point) {
    return point.map(p -> new Point(p.x(), p.y()));
  }

  public static Instant later(Instant instant) {
    return instant.plusSeconds(1);
  }

  public static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[bytes.length - 1 - i] = bytes[i];
    }
    return reversed;
  }

  public static byte[] bytes(int length) {
    return new byte[length];
  }

  public static double half(int n) {
    return n / 2.0;
  }

  /** Number of calls of {@link #pidAndCount} in this process. */
  static int calls() {
    return CALLS.get();
  }

  /** Appends a line to a file, then sleeps. */
  public static int note(String file, String line, int millis)
      throws IOException, InterruptedException {
    append(file, line);
    Thread.sleep(millis);
    return millis;
  }

  /** Appends a line, and another once it sees that it is cancelled; ignores its interrupt. */
  public static int untilCancelled(String file) throws IOException {
    TaskContext context = TaskContext.current();
    append(file);
    context.log("waits for its cancel");
    for (int i = 0; i < 6000 && !context.cancelled(); i++) {
      context.progress(i / 6000.0);
      LockSupport.parkNanos(10_000_000);
      Thread.interrupted();
    }
    append(file);
    return 1;
  }

  /** The same as {@link #succeedAt}, but its lines are times in milliseconds. */
  public static int succeedAtTime(String file, int attempt) throws IOException {
    append(file, Long.toString(System.currentTimeMillis()));
    int lines = Files.readAllLines(Path.of(file)).size();
    if (lines < attempt) {
      throw new IllegalStateException("attempt " + lines);
    }
    return TaskContext.current().attempt();
  }

  /** Ends its process until the file has this number of lines; each run appends one. */
  public static int dieUntil(String file, int runs) throws IOException {
    append(file);
    int lines = Files.readAllLines(Path.of(file)).size();
    if (lines < runs) {
      Runtime.getRuntime().halt(9);
    }
    return lines;
  }

  /** Opens a pool inside a call. */
  public static int nested(int n) {
    try (Pool pool = Pool.builder().processes(1).open()) {
      return pool.apply(Functions::twice, n);
    }
  }
}
