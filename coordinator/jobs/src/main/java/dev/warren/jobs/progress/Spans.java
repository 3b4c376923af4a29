package dev.warren.jobs.progress;

/** Times as people say them. Stateless. */
public final class Spans {
  private static final int MINUTE = 60;
  private static final int HOUR = 3600;
  private static final int DAY = 86_400;
  private static final int TWO_UNITS = 10;

  private Spans() {}

  /** Such as {@code 7 s}, {@code 3 min 20 s}, {@code 40 min}, {@code 5 h 10 min}, {@code 3 d}. */
  public static String text(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    if (whole < MINUTE) {
      return whole + " s";
    }
    if (whole < HOUR) {
      return text(whole, MINUTE, "min", 1, "s");
    }
    return whole < DAY ? text(whole, HOUR, "h", MINUTE, "min") : text(whole, DAY, "d", HOUR, "h");
  }

  private static String text(long seconds, int big, String bigName, int small, String smallName) {
    long many = seconds / big;
    long rest = seconds % big / small;
    return many
        + " "
        + bigName
        + (rest > 0 && many < TWO_UNITS ? " " + rest + " " + smallName : "");
  }
}
