package dev.warren.cli.explain;

import dev.warren.jobs.timeline.CallView;
import dev.warren.lifecycle.Printable;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints a timeline for people: times relative to the first event, the observer of each event, and
 * a line in place of each long gap. Confined to one thread.
 */
final class TimelineText {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS xxx", Locale.ROOT);

  /** A longer time between two events is shown as a line of its own. */
  private static final long GAP_MS = 10_000;

  private static final int TIME_WIDTH = 11;
  private static final int WIDEST_OBSERVER = 28;

  /** Least width of the last column. */
  private static final int LEAST_TEXT = 30;

  private final PrintStream out;
  private final int width;

  /**
   * Creates a printer.
   *
   * @param width columns of the terminal
   */
  TimelineText(PrintStream out, int width) {
    this.out = out;
    this.width = width;
  }

  /** Prints a field in front of the timeline. */
  void field(String name, String value) {
    wrapped(String.format(Locale.ROOT, "%-8s ", name), Printable.line(value));
  }

  /** Prints the events, which are in order. */
  void events(List<CallView.Event> events) {
    long first =
        events.stream().mapToLong(CallView.Event::at).filter(at -> at > 0).findFirst().orElse(0);
    if (first > 0) {
      out.println();
      out.println(
          "Times since "
              + DATE.format(Instant.ofEpochMilli(first).atZone(ZoneId.systemDefault()))
              + ":");
    }
    int observers = events.stream().mapToInt(event -> observer(event).length()).max().orElse(0);
    long before = first;
    for (CallView.Event event : events) {
      long gap = event.at() - before;
      if (event.at() > 0 && gap > GAP_MS) {
        out.println(" ".repeat(TIME_WIDTH - 1) + "… " + duration(gap) + " …");
      }
      before = Math.max(before, event.at());
      String time = event.at() == 0 ? "?" : "+" + duration(event.at() - first);
      String start =
          String.format(
              Locale.ROOT, "%" + TIME_WIDTH + "s  %-" + observers + "s  ", time, observer(event));
      String what = event.event().replace('_', ' ');
      wrapped(start, Printable.line(event.text().isEmpty() ? what : what + ": " + event.text()));
    }
  }

  private static String observer(CallView.Event event) {
    String observer = event.observer();
    String shown =
        observer.startsWith("worker ") ? observer.substring("worker ".length()) : observer;
    return Printable.cut(shown, WIDEST_OBSERVER);
  }

  /** Prints a paragraph. */
  void note(String text) {
    out.println();
    wrapped("", Printable.line(text));
  }

  private void wrapped(String start, String text) {
    String indent = " ".repeat(start.length());
    int room = Math.max(LEAST_TEXT, width - start.length());
    List<String> lines = lines(text, room);
    for (int i = 0; i < lines.size(); i++) {
      out.println(((i == 0 ? start : indent) + lines.get(i)).stripTrailing());
    }
  }

  /** Cuts text into lines, between words where possible. */
  private static List<String> lines(String text, int room) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > room) {
      int space = rest.lastIndexOf(' ', room);
      int end = space > 0 ? space : room;
      lines.add(rest.substring(0, end));
      rest = rest.substring(space > 0 ? end + 1 : end);
    }
    lines.add(rest);
    return lines;
  }

  /** A duration in the two largest units that matter. */
  static String duration(long millis) {
    if (millis < 0) {
      return "0 ms";
    }
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.3f s", millis / 1000.0);
    }
    long seconds = millis / 1000;
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds < 48 * 3600
        ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
        : seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }
}
