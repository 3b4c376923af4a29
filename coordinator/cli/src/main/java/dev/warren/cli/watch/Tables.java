package dev.warren.cli.watch;

import dev.warren.jobs.progress.Estimate;
import dev.warren.jobs.progress.Spans;
import dev.warren.service.board.WorkerCells;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Workers and jobs as tables. Stateless. */
final class Tables {
  private static final List<String> WORKERS =
      List.of(
          "HOST", "WORKER", "SLOTS", "BUSY", "CALLS", "FAILED", "RECYCLED", "LOST", "MEMORY", "");
  private static final List<String> JOBS =
      List.of("JOB", "STATE", "CALLS", "DONE", "FAILED", "RATE", "LEFT");
  private static final int LONGEST_NAME = 40;
  private static final int LEFT_COLUMNS = 2;

  private Tables() {}

  static List<String> workers(List<WorkerCells> workers) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(WORKERS);
    for (WorkerCells worker : workers) {
      rows.add(
          List.of(
              cut(worker.host()),
              cut(worker.id()),
              number(worker.slots()),
              number(worker.busy()),
              number(worker.callsEnded()),
              number(worker.callsFailed()),
              number(worker.recycled()),
              number(worker.lost()),
              worker.memory() == 0 ? "-" : number(worker.memory() >> 20) + " MiB",
              worker.draining() ? "draining" : worker.reported() ? "" : "no report"));
    }
    return lines(rows);
  }

  static List<String> jobs(List<Snapshot.Job> jobs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(JOBS);
    for (Snapshot.Job job : jobs) {
      Estimate left = job.estimate();
      rows.add(
          List.of(
              cut(job.name()),
              job.state(),
              number(job.calls()),
              (job.calls() == 0 ? 100 : 100 * job.done() / job.calls()) + " %",
              number(job.failed()),
              job.perSecond() == 0
                  ? "-"
                  : String.format(
                      Locale.ROOT, job.perSecond() < 10 ? "%.1f/s" : "%,.0f/s", job.perSecond()),
              left == null ? "-" : Spans.text(left.low()) + " to " + Spans.text(left.high())));
    }
    return lines(rows);
  }

  private static List<String> lines(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      boolean left = i < LEFT_COLUMNS || i == widths.length - 1;
      String format = (left ? "%-" : "%") + Math.max(1, widths[i]) + "s";
      line.append(i == 0 ? "" : "  ").append(String.format(Locale.ROOT, format, row.get(i)));
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME - 1) + "…";
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
