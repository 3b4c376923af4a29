package dev.warren.cli.watch;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.Printable;
import dev.warren.service.board.WorkerCells;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;

/** The whole terminal, redrawn for each state; what was there before comes back at the end. */
final class TopScreen implements AutoCloseable {
  private static final Logger log = Logs.of(TopScreen.class);
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String BOLD = "\u001b[1m";
  private static final String RESET = "\u001b[0m";
  private static final Map<String, String> LEVELS =
      Map.of("warn", "\u001b[33m", "bad", "\u001b[31m");
  private static final int LONGEST_HOST = 20;
  private static final int MIN_LINES = 5;
  private static final int MIN_COLUMNS = 40;
  private static final int JOBS = 5;

  private final Terminal terminal;
  private final Attributes before;
  private final PrintWriter out;

  private TopScreen(Terminal terminal) {
    this.terminal = terminal;
    this.before = terminal.enterRawMode();
    this.out = terminal.writer();
  }

  /**
   * Takes the terminal over.
   *
   * @param quit called on a thread of its own when q is pressed
   */
  static TopScreen open(Runnable quit) throws IOException {
    // signals are this program's: the library would reset their handlers when it closes
    Terminal terminal = TerminalBuilder.builder().system(true).nativeSignals(false).build();
    TopScreen screen = new TopScreen(terminal);
    screen.print(ENTER);
    NamedThreads.start("top-keys", () -> screen.readKeys(quit));
    return screen;
  }

  private void readKeys(Runnable quit) {
    try {
      for (int key = terminal.reader().read(); key >= 0; key = terminal.reader().read()) {
        if (key == 'q' || key == 'Q') {
          quit.run();
        }
      }
    } catch (IOException | RuntimeException e) {
      log.debug("no more keys: {}", e.getMessage());
    }
  }

  private void print(CharSequence text) {
    out.print(text);
    out.flush();
  }

  /** Draws a state. */
  void show(Snapshot now) {
    Size size = terminal.getSize();
    List<String> lines =
        lines(now, Math.max(MIN_LINES, size.getRows()), Math.max(MIN_COLUMNS, size.getColumns()));
    StringBuilder frame = new StringBuilder(HOME);
    for (int i = 0; i < lines.size(); i++) {
      frame.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_LINE);
    }
    print(frame.append(CLEAR_BELOW));
  }

  /** The lines of a state on a terminal of this size. */
  static List<String> lines(Snapshot now, int height, int width) {
    List<String> lines = new ArrayList<>();
    for (String part : wrapped(Printable.line(now.sentence()), width)) {
      lines.add(LEVELS.getOrDefault(now.level(), "") + BOLD + part + RESET);
    }
    lines.add("");
    List<String> jobs = now.jobs().isEmpty() ? List.of() : jobLines(now, width);
    int room = Math.max(1, height - lines.size() - jobs.size() - 1);
    List<WorkerCells> workers =
        now.workers().stream()
            .sorted(
                Comparator.comparing(WorkerCells::trouble)
                    .reversed()
                    .thenComparing(WorkerCells::host)
                    .thenComparing(WorkerCells::id))
            .toList();
    for (int i = 0; i < workers.size() && i < room; i++) {
      lines.add(
          i == room - 1 && workers.size() > room
              ? "… and " + (workers.size() - i) + " more workers"
              : line(workers.get(i), width));
    }
    lines.addAll(jobs);
    return lines;
  }

  private static List<String> jobLines(Snapshot now, int width) {
    List<String> lines = new ArrayList<>(List.of(""));
    Tables.jobs(now.jobs().stream().limit(JOBS).toList()).stream()
        .map(Printable::line)
        .map(line -> cut(line, width))
        .forEach(lines::add);
    return lines;
  }

  private static String line(WorkerCells worker, int width) {
    String host = cut(Printable.line(worker.host()), LONGEST_HOST);
    String counts =
        String.format(
            "%d/%d busy  %s ended%s  %s recycled%s%s",
            worker.busy(),
            worker.slots(),
            Tables.number(worker.callsEnded()),
            worker.callsFailed() == 0 ? "" : ", " + Tables.number(worker.callsFailed()) + " failed",
            Tables.number(worker.recycled()),
            worker.lost() == 0 ? "" : ", " + Tables.number(worker.lost()) + " lost",
            worker.draining() ? "  draining" : worker.reported() ? "" : "  no report");
    SlotGlyphs.Row slots =
        SlotGlyphs.of(worker.cells(), worker.maxCalls() > 0, width - LONGEST_HOST - 2);
    int rest = width - LONGEST_HOST - 2 - slots.width() - 2;
    return String.format("%-" + LONGEST_HOST + "s  ", host)
        + slots.text()
        + (rest > 0 ? "  " + cut(counts, rest) : "");
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space <= 0 ? width : space;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }

  @Override
  public void close() {
    print(LEAVE);
    terminal.setAttributes(before);
    try {
      terminal.close();
    } catch (IOException e) {
      log.debug("the terminal was not closed: {}", e.getMessage());
    }
  }
}
