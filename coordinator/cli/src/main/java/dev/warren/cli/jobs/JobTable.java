package dev.warren.cli.jobs;

import dev.warren.lifecycle.Printable;
import dev.warren.service.api.JobView;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints jobs as a table. Stateless. */
final class JobTable {
  private static final List<String> TITLES =
      List.of("NAME", "STATE", "DONE", "CALLS", "FAILED", "AGE", "FUNCTION");
  private static final int LONGEST_FUNCTION = 60;
  private static final int LONGEST_NAME = 104;

  private JobTable() {}

  static void print(List<JobView> jobs, long nowMillis, PrintStream out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    jobs.forEach(job -> rows.add(row(job, nowMillis)));
    int[] widths = new int[TITLES.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private static List<String> row(JobView job, long nowMillis) {
    return List.of(
        Printable.cut(job.name(), LONGEST_NAME),
        state(job),
        Long.toString(job.done()),
        Long.toString(job.calls()),
        Long.toString(job.failed() + job.cancelled()),
        age(job.created(), nowMillis),
        Printable.cut(job.function().replaceFirst("\\(.*", ""), LONGEST_FUNCTION));
  }

  /** The state, with what has been asked for, and a note if nobody coordinates the job. */
  static String state(JobView job) {
    boolean abandoned = job.request() == null && job.ended() == null && !job.coordinated();
    return asked(job) + (abandoned ? " (no coordinator)" : "");
  }

  /** The state, with what has been asked for. */
  static String asked(JobView job) {
    return job.state() + (job.request() == null ? "" : " (" + job.request() + " requested)");
  }

  /** The age in one unit: {@code 45s}, {@code 12m}, {@code 3h}, {@code 9d}. */
  static String age(Instant since, long nowMillis) {
    long seconds = Math.max(0, (nowMillis - since.toEpochMilli()) / 1000);
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 120) {
      return minutes + "m";
    }
    return minutes < 48 * 60 ? minutes / 60 + "h" : minutes / (24 * 60) + "d";
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      boolean number = i >= 2 && i <= 5;
      String format = (number ? "%" : "%-") + widths[i] + "s";
      line.append(i == 0 ? "" : "  ").append(String.format(Locale.ROOT, format, row.get(i)));
    }
    return line.toString().stripTrailing();
  }
}
