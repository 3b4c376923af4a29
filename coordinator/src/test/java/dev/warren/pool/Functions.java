package dev.warren.pool;

import dev.warren.task.TaskContext;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the conformance suite calls; runs in children. */
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

  /** Process, and how many calls of this function it has run. */
  public static long[] pidAndCount(int ignored) {
    return new long[] {ProcessHandle.current().pid(), CALLS.incrementAndGet()};
  }

  public static boolean init(String value) {
    INITS.incrementAndGet();
    setting = value;
    return true;
  }

  public static boolean failInit() {
    throw new IllegalArgumentException("no start");
  }

  public static String setting(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return setting;
  }

  /** Process, runs of the initializer there, and what it set. */
  public static List<String> initialised(int ignored) {
    return List.of(
        Long.toString(ProcessHandle.current().pid()), Integer.toString(INITS.get()), setting);
  }

  public static int sleep(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  /** When it began and ended. */
  public static long[] span(int millis) throws InterruptedException {
    long start = System.currentTimeMillis();
    Thread.sleep(millis);
    return new long[] {start, System.currentTimeMillis()};
  }

  /** Leaves a line in a file, then sleeps. */
  public static int mark(String file, int millis) throws IOException, InterruptedException {
    append(file);
    Thread.sleep(millis);
    return millis;
  }

  /** Leaves a line in a file, then runs on whatever interrupts it. */
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

  /** Fails until the file has so many lines, of which each run adds one. */
  public static int succeedAt(String file, int attempt) throws IOException {
    append(file);
    int lines = Files.readAllLines(Path.of(file)).size();
    if (lines < attempt) {
      throw new IllegalStateException("attempt " + lines);
    }
    return TaskContext.current().attempt();
  }

  private static void append(String file) throws IOException {
    Files.writeString(
        Path.of(file),
        ProcessHandle.current().pid() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
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

  /** An exception that nobody can make from a message. */
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

  /** A result that cannot be written. */
  public static final class Unwritable {
    /** Refuses. */
    public int getValue() {
      throw new IllegalStateException("no value");
    }
  }

  public static Unwritable unwritable(int n) {
    return new Unwritable();
  }

  /** A value that reads back only where it is even. */
  public record Even(int n) {
    /** Refuses odd numbers on the owner's side only. */
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

  /** Of every shape. */
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

  /** Opens a pool inside a call. */
  public static int nested(int n) {
    try (Pool pool = Pool.builder().processes(1).open()) {
      return pool.apply(Functions::twice, n);
    }
  }
}
