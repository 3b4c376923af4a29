package dev.warren.cli.app;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Functions of a user. */
public final class Samples {
  private static final List<byte[]> KEPT = new ArrayList<>();

  private Samples() {}

  /** Returns its argument in brackets; fails for an odd text. */
  public static @Nullable Object mixed(@Nullable Object value) {
    if (value instanceof String text && text.startsWith("fail")) {
      throw new IllegalStateException("asked to fail: " + text + " ☠");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      copy.put("size", map.size());
      copy.put("was", map);
      return copy;
    }
    return value;
  }

  public static int square(int n) {
    return n * n;
  }

  public static String joined(String a, int b, List<BigDecimal> c) {
    return a + b + c;
  }

  public static int twice(int a) {
    return 2 * a;
  }

  public static String twice(String a) {
    return a + a;
  }

  /** Takes 20 ms. */
  public static int slowly(int n) throws InterruptedException {
    Thread.sleep(20);
    return n;
  }

  /** Hangs for 1 and more. */
  public static int hang(int n) throws InterruptedException {
    if (n > 0) {
      new CountDownLatch(1).await();
    }
    return n;
  }

  /** Allocates this number of MiB permanently, and returns the id of its process. */
  public static long keep(int mebibytes) throws InterruptedException {
    KEPT.add(new byte[mebibytes << 20]);
    Thread.sleep(100);
    return ProcessHandle.current().pid();
  }

  /** Allocates this number of MiB, and then hangs unless it is 0. */
  public static int keepAndHang(int mebibytes) throws InterruptedException {
    KEPT.add(new byte[mebibytes << 20]);
    return hang(mebibytes);
  }
}
