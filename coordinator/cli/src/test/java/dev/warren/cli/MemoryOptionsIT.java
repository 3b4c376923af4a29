package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.testkit.SharedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory limits of children, as users set them for {@code map} and {@code worker}. */
class MemoryOptionsIT {
  private static final String KILLED =
      "took more memory than its hard limit of 300 MiB and was killed";

  @TempDir private Path folder;
  private String app = "";

  @BeforeEach
  void pack_the_app() throws IOException {
    app = AppJar.path().toString();
  }

  private Result map(String input, String function, String... options) throws Exception {
    List<String> args = new ArrayList<>(List.of("map", "--no-progress", "--chunk", "1"));
    args.addAll(List.of("--app", app, "--fn", AppJar.function(function)));
    args.addAll(Arrays.asList(options));
    return WarrenProcess.run(folder, input, args.toArray(new String[0]));
  }

  private static void assertOnlyTheGreedyOneFailed(Result result) {
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).isEqualTo("{\"index\":0,\"value\":0}");
    assertThat(lines.get(1)).contains("\"index\":1,\"error\"", "\"kind\":\"child_lost\"", KILLED);
    assertThat(lines.get(2)).isEqualTo("{\"index\":2,\"value\":0}");
    assertThat(result.exit()).isEqualTo(1);
  }

  @Test
  void a_call_over_the_hard_limit_of_map_fails_alone_with_that_reason() throws Exception {
    Result result =
        map(
            "0\n600\n0\n",
            "keepAndHang",
            "--processes",
            "1",
            "--hard-max-memory-per-child",
            "300m");
    assertOnlyTheGreedyOneFailed(result);
    assertThat(result.err().get(result.err().size() - 1))
        .startsWith("warren: 1 of 3 calls failed; index 1: ")
        .contains(KILLED);
  }

  @Test
  void a_call_over_the_hard_limit_of_a_worker_fails_alone_with_that_reason() throws Exception {
    String broker = SharedBroker.uri("hard-memory");
    String[] worker = {
      "worker",
      "--app",
      app,
      "--processes",
      "1",
      "--spares",
      "0",
      "--hard-max-memory-per-child",
      "300m"
    };
    try (WarrenProcess one =
        WarrenProcess.start(folder, "", Map.of("WARREN_BROKER", broker), worker)) {
      assertOnlyTheGreedyOneFailed(map("0\n600\n0\n", "keepAndHang", "--broker", broker));
      one.signal("TERM");
      assertThat(one.await().exit()).isZero();
    }
  }

  @Test
  void a_child_over_the_soft_limit_of_map_is_recycled_and_no_call_fails() throws Exception {
    Result result =
        map(
            "300\n" + "0\n".repeat(40),
            "keep",
            "--processes",
            "1",
            "--max-memory-per-child",
            "200m");
    assertThat(result.exit()).isZero();
    assertThat(result.out().lines()).hasSize(41);
    List<String> processes =
        result.out().lines().map(line -> line.replaceFirst(".*:", "")).toList();
    assertThat(processes.get(40)).as("who ran the last call").isNotEqualTo(processes.get(0));
  }
}
