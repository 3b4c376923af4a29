package com.acme;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The job of the screenshots: reads pages of scans, and fails in many ways. */
public final class Scans {
  private static final int MEGABYTE = 1 << 20;
  private static final List<byte[]> KEPT = new ArrayList<>();

  private Scans() {}

  /** Returns the number of words of a page, after 40 to 400 ms. */
  public static int words(int page) throws Exception {
    Random random = new Random(page);
    TimeUnit.MILLISECONDS.sleep(Math.min(400, (long) (110 * Math.exp(0.6 * random.nextGaussian()))));
    int fate = random.nextInt(3000);
    if (fate < 60 && "none".equals(System.getenv("SCAN_FONTS"))) {
      throw new IllegalStateException("font DejaVu Sans is not installed");
    }
    if (fate < 100) {
      fail(fate, page);
    }
    return 200 + random.nextInt(400);
  }

  private static void fail(int fate, int page) throws Exception {
    switch (fate / 2) {
      case 30, 31, 32, 33, 34 -> throw new IllegalArgumentException("page " + page + " has no text layer");
      case 35, 36, 37 -> throw new UncheckedIOException(new FileNotFoundException("/scans/" + page + ".tif"));
      case 38, 39 -> Integer.parseInt("4o" + page);
      case 40 -> throw new UnsupportedOperationException("compression scheme " + (30_000 + page % 3));
      case 41 -> throw new ArithmeticException("resolution of page " + page + " is 0 dpi");
      case 42 -> List.of().get(page % 7);
      case 43 -> throw new java.util.concurrent.TimeoutException("dictionary: no answer in " + (5000 + page % 90) + " ms");
      case 44 -> String.valueOf((Object) null).concat(null);
      case 45 -> Runtime.getRuntime().halt(3);
      case 46 -> new ProcessBuilder("kill", "-KILL", "" + ProcessHandle.current().pid()).start().waitFor();
      case 47 -> grow();
      case 48 -> TimeUnit.MINUTES.sleep(1);
      default -> throw new SecurityException("page " + page + " is encrypted");
    }
  }

  private static void grow() throws InterruptedException {
    for (int i = 0; i < 400; i++) {
      KEPT.add(new byte[MEGABYTE]);
      TimeUnit.MILLISECONDS.sleep(3);
    }
  }
}
