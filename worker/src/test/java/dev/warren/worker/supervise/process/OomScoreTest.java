package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OomScoreTest {
  @TempDir Path proc;

  private Path score(String process, String value) throws IOException {
    Path file = Files.createDirectories(proc.resolve(process)).resolve("oom_score_adj");
    return Files.writeString(file, value + "\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 800", "-500, 300", "999, 1000", "1000, 1000"})
  void a_child_counts_more_than_its_supervisor(int supervisor, String child) throws IOException {
    score("self", "" + supervisor);
    Path file = score("17", "");
    OomScore.raise(proc, 17);
    assertThat(file).content().startsWith(child);
  }

  @Test
  void an_ended_child_and_a_system_without_scores_are_ignored() throws IOException {
    OomScore.raise(proc, 17);
    score("self", "0");
    OomScore.raise(proc, 17);
    assertThat(proc.resolve("17")).doesNotExist();
  }
}
