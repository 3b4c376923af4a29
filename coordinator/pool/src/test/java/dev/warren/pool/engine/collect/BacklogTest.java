package dev.warren.pool.engine.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacklogTest {
  @TempDir Path folder;

  @Test
  void results_that_fit_stay_in_memory_without_their_message() {
    Backlog backlog = new Backlog(1000, 2 * 1000, folder.resolve("none"));
    Payload message = Payload.of("x".repeat(500));
    Backlog.Kept kept = backlog.keep(message.slice(100, 110));
    assertThat(kept.line().text()).isEqualTo("x".repeat(10));
    assertThat(kept.line().array()).hasSize(10);
  }

  @Test
  void further_results_go_to_an_unnamed_file_and_round_trip() throws IOException {
    Backlog backlog = new Backlog(250, 2 * 250, folder);
    List<Backlog.Kept> kept = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      kept.add(backlog.keep(text(i)));
    }
    assertThat(files()).isZero();
    for (int i = 999; i >= 0; i--) {
      assertThat(kept.get(i).line()).isEqualTo(text(i));
      assertThat(kept.get(i).line()).as("read again").isEqualTo(text(i));
      kept.get(i).drop();
    }
  }

  @Test
  void released_space_is_reused() throws IOException {
    Backlog backlog = new Backlog(250, 2 * 250, folder);
    Backlog.Kept first = backlog.keep(text(1));
    Backlog.Kept second = backlog.keep(text(2));
    first.drop();
    second.drop();
    // with no folder to write to, only memory is left
    Files.delete(folder);
    Backlog.Kept third = backlog.keep(text(3));
    Backlog.Kept fourth = backlog.keep(text(4));
    assertThat(third.line()).isEqualTo(text(3));
    assertThat(fourth.line()).isEqualTo(text(4));
  }

  @Test
  void without_a_writable_folder_it_is_full_until_a_result_is_consumed() {
    Backlog backlog = new Backlog(400, 2 * 400, folder.resolve("missing"));
    List<Backlog.Kept> kept = new ArrayList<>();
    while (!backlog.isFull()) {
      kept.add(backlog.keep(text(kept.size())));
    }
    assertThat(kept).hasSizeGreaterThan(1);
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i).line()).isEqualTo(text(i));
    }
    kept.forEach(Backlog.Kept::drop);
    assertThat(backlog.isFull()).isFalse();
  }

  @Test
  void beyond_twice_its_bound_results_are_replaced_by_failures() {
    Backlog backlog = new Backlog(1000, 2 * 1000, folder.resolve("missing"));
    List<Backlog.Kept> kept = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      kept.add(backlog.keep(text(i)));
    }
    assertThat(kept.get(0).line()).isEqualTo(text(0));
    assertThat(kept.get(999).line()).isEqualTo(LocalOutcome.NO_PLACE);
    kept.forEach(Backlog.Kept::drop);
    assertThat(backlog.keep(text(7)).line()).isEqualTo(text(7));
  }

  @Test
  void long_files_are_followed_by_new_ones() {
    Backlog backlog = new Backlog(0, 2 * 0, folder);
    Payload long1 = Payload.of("a".repeat(40 << 20));
    Payload long2 = Payload.of("b".repeat(40 << 20));
    Backlog.Kept one = backlog.keep(long1);
    Backlog.Kept two = backlog.keep(long2);
    Backlog.Kept three = backlog.keep(text(3));
    one.drop();
    assertThat(two.line().length()).isEqualTo(40 << 20);
    two.drop();
    assertThat(three.line()).isEqualTo(text(3));
    three.drop();
    Backlog.Kept again = backlog.keep(text(4));
    assertThat(again.line()).as("at the start of the file, which was empty").isEqualTo(text(4));
  }

  @Test
  void reading_after_the_end_returns_a_failure() {
    Backlog backlog = new Backlog(0, 2 * 0, folder);
    Backlog.Kept kept = backlog.keep(text(1));
    kept.drop();
    backlog.keep(Payload.of("y"));
    assertThat(OutcomeLine.isValue(kept.line())).isFalse();
  }

  private static Payload text(int number) {
    return Payload.of("{\"value\":\"" + "z".repeat(100) + number + "\"}");
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
