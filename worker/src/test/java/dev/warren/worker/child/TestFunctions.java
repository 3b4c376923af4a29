package dev.warren.worker.child;

import dev.warren.task.Fn1;
import dev.warren.task.TaskContext;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Functions that test children run. */
@SuppressWarnings("DoNotCallSuggester")
public final class TestFunctions {
  private static final List<byte[]> eaten = new ArrayList<>();
  private static @Nullable String initialised;
  private static int calls;

  private TestFunctions() {}

  /** A record, as argument, receiver and result. */
  public record Point(int x, int y) {
    public int sum() {
      return x + y;
    }

    public int scaledSum(int factor) {
      return factor * (x + y);
    }
  }

  /** A result whose getter throws. */
  public static final class Faulty {
    public String getName() {
      throw new IllegalStateException("no name yet");
    }
  }

  /** An exception whose methods throw. */
  public static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("not for you");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("nor for you");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("nor that");
    }
  }

  public static int increment(int number) {
    return number + 1;
  }

  public static double half(double number) {
    return number / 2;
  }

  public static long negate(long number) {
    return -number;
  }

  public static boolean not(boolean value) {
    return !value;
  }

  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  public static @Nullable String echo(@Nullable String text) {
    return text;
  }

  public static void nothing() {}

  public static int add(int a, int b) {
    return a + b;
  }

  public static Map<DayOfWeek, BigDecimal> echoMap(Map<DayOfWeek, BigDecimal> map) {
    return new EnumMap<>(map); // fails if the keys are plain strings
  }

  public static List<Point> echoPoints(List<Point> points) {
    for (Point point : points) {
      if (point.x() < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
    return points;
  }

  public static Optional<Instant> echoInstant(Optional<Instant> instant) {
    return instant;
  }

  public static byte[] echoBytes(byte[] bytes) {
    return bytes;
  }

  public static String twice(String a) {
    return a + a;
  }

  public static int twice(int a) {
    return 2 * a;
  }

  public static long twice(long a) {
    return 2 * a;
  }

  public static String kind(String a) {
    return "text " + a;
  }

  public static String kind(boolean a) {
    return "truth " + a;
  }

  public static @Nullable Object fail(String message) {
    throw new IllegalStateException(message, new IOException("the cause"));
  }

  public static @Nullable Object hostile() {
    throw new Hostile();
  }

  public static Object cycle() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    return list;
  }

  public static Map<String, Object> faulty() {
    Map<String, Object> map = new HashMap<>();
    map.put("inner", new Faulty());
    return map;
  }

  public static String big(int length) {
    return "x".repeat(length);
  }

  public static int sleep(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
    return 1;
  }

  /** Runs until its time is over, ignoring interrupts; returns true if it was interrupted. */
  public static boolean spin(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    boolean interrupted = false;
    while (System.nanoTime() < end) {
      interrupted |= Thread.interrupted();
    }
    return interrupted;
  }

  /** Runs until it is interrupted, or its time is over; returns true if it was interrupted. */
  public static boolean spinUntilInterrupted(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    boolean interrupted = false;
    while (System.nanoTime() < end && !interrupted) {
      interrupted = Thread.interrupted();
    }
    return interrupted;
  }

  /** A short call that must never see another call's interrupt. */
  public static int checkInterrupt(int number) {
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("interrupted on behalf of another call");
    }
    return number;
  }

  public static boolean leaveInterruptFlag() {
    Thread.currentThread().interrupt();
    return true;
  }

  public static boolean cancelled() {
    while (!TaskContext.current().cancelled()) {
      Thread.onSpinWait();
    }
    return true;
  }

  public static String context() {
    TaskContext context = TaskContext.current();
    context.log("a line");
    context.progress(0.5);
    context.requestRecycle();
    return context.jobId()
        + " "
        + context.callId()
        + " "
        + context.attempt()
        + " "
        + context.deadline().isPresent();
  }

  /** Starts a process that outlives this call; returns its pid. */
  public static long spawn() throws IOException {
    return new ProcessBuilder("sleep", "600").start().pid();
  }

  public static int exit(int code) {
    System.exit(code);
    return code;
  }

  public static int halt(int code) {
    Runtime.getRuntime().halt(code);
    return code;
  }

  public static int recurse(int depth) {
    return depth < 0 ? 0 : recurse(depth + 1) + 1;
  }

  public static int eat() {
    try {
      while (true) {
        eaten.add(new byte[1024 * 1024]);
        if (eaten.isEmpty()) {
          return 0;
        }
      }
    } catch (OutOfMemoryError e) {
      eaten.clear();
      throw e;
    }
  }

  public static void initialise(String text) {
    if (text.equals("fail")) {
      throw new IllegalStateException("cannot initialise");
    }
    initialised = text;
  }

  public static @Nullable String initialised() {
    return initialised;
  }

  public static int stubbornThread() {
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                Thread.onSpinWait();
              }
            });
    thread.setDaemon(false);
    thread.start();
    return 1;
  }

  public static int count() {
    return ++calls;
  }

  public static Fn1<Integer, Integer> lambda(int captured) {
    return number -> number + captured;
  }
}
