package dev.warren.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.progress.Estimate;
import dev.warren.service.board.WorkerCells;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pool on a terminal. */
class TopScreenTest {
  private static WorkerCells worker(String host, int trouble, long maxCalls, int... cells) {
    byte[] bytes = new byte[cells.length];
    for (int i = 0; i < cells.length; i++) {
      bytes[i] = (byte) cells[i];
    }
    return new WorkerCells(
        "w-" + host,
        host,
        1,
        "1.0",
        bytes.length / 6,
        1,
        false,
        trouble,
        1234,
        5,
        6,
        0,
        0,
        1 << 20,
        0,
        true,
        0,
        maxCalls,
        Base64.getEncoder().encodeToString(bytes));
  }

  private static Snapshot snapshot(List<WorkerCells> workers) {
    Snapshot.Job job =
        new Snapshot.Job("nightly", "running", 1000, 500, 20, 0, 301.4, new Estimate(20, 90));
    return new Snapshot(
        "1 host, 2 slots: 1 busy, 1 idle. Broker fine.", "ok", workers, List.of(job));
  }

  private static List<String> lines(Snapshot now, int height, int width) {
    return TopScreen.lines(now, height, width).stream()
        .map(line -> line.replaceAll("\u001b\\[[0-9]*m", ""))
        .toList();
  }

  @Test
  void workers_are_lines_with_a_character_per_slot_most_troubled_first() {
    Snapshot now =
        snapshot(
            List.of(
                worker("calm", 0, 100, 4, 255, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0),
                worker("burning", 50, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
    assertThat(lines(now, 24, 80))
        .containsExactly(
            "1 host, 2 slots: 1 busy, 1 idle. Broker fine.",
            "",
            "burning               ■·  1/2 busy  1,234 ended, 5 failed  6 recycled",
            "calm                  █▁  1/2 busy  1,234 ended, 5 failed  6 recycled",
            "",
            "JOB      STATE    CALLS  DONE  FAILED   RATE  LEFT",
            "nightly  running  1,000  52 %      20  301/s  20 s to 1 min 30 s");
  }

  @Test
  void nothing_is_wider_or_higher_than_the_terminal() {
    List<WorkerCells> many = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      many.add(worker("host-with-a-very-long-name-" + i, i, 10, new int[6 * 100]));
    }
    List<String> lines = lines(snapshot(many), 15, 40);
    assertThat(lines).hasSizeLessThanOrEqualTo(15);
    assertThat(lines).allMatch(line -> line.length() <= 40);
    assertThat(lines).anyMatch(line -> line.matches("… and \\d+ more workers"));
  }
}
