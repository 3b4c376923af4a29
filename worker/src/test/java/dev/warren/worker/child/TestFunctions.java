package dev.warren.worker.child;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What test children run. */
public final class TestFunctions {
  private TestFunctions() {}

  public record Point(int x, int y) {
    public int sum() {
      return x + y;
    }
  }

  public static int increment(int number) {
    return number + 1;
  }

  public static double half(double number) {
    return number / 2;
  }

  public static String upper(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  public static void nothing() {}

  public static int add(int a, int b) {
    return a + b;
  }

  public static Map<DayOfWeek, BigDecimal> echoMap(Map<DayOfWeek, BigDecimal> map) {
    return map;
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

  public static @Nullable Object fail(String message) {
    throw new IllegalStateException(message, new java.io.IOException("the cause"));
  }

  public static int sleep(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
    return 1;
  }

  public static long spin(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    long turns = 0;
    while (System.nanoTime() < end) {
      turns++;
    }
    return turns;
  }

  public static int exit(int code) {
    System.exit(code);
    return code;
  }

  public static int recurse(int depth) {
    return depth < 0 ? 0 : recurse(depth + 1) + 1;
  }

  public static int eat() {
    List<byte[]> all = new ArrayList<>();
    while (true) {
      all.add(new byte[4 * 1024 * 1024]);
      if (all.size() < 0) {
        return 0;
      }
    }
  }
}
