package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Conformance: children, their binding to pools, and their replacement. */
class ChildrenIT extends OnOneSite {

  @Test
  void no_child_runs_more_calls_than_its_bound_however_they_are_chunked() {
    Pool bounded = open(builder().maxTasksPerChild(3));
    Map<Long, Long> most = new HashMap<>();
    for (long[] run : bounded.map(Functions::pidAndCount, upTo(30), 10)) {
      most.merge(run[0], run[1], Math::max);
    }
    assertThat(most.values()).allMatch(count -> count <= 3);
    assertThat(most).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void an_initializer_runs_once_in_each_child_and_again_in_replacements() {
    Pool pool = open(builder().maxTasksPerChild(2).initializer(Functions::init, "set"));
    Set<String> pids = new HashSet<>();
    for (List<String> seen : pool.map(Functions::initialised, upTo(10), 1)) {
      pids.add(seen.get(0));
      assertThat(seen.subList(1, 3)).containsExactly("1", "set");
    }
    assertThat(pids).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void two_pools_with_different_settings_never_mix() throws Exception {
    Pool red = open(builder().initializer(Functions::init, "red"));
    Pool blue = open(builder().initializer(Functions::init, "blue"));
    AsyncResult<List<String>> reds =
        red.mapAsync(Functions::setting, Collections.nCopies(60, 3), 2);
    AsyncResult<List<String>> blues =
        blue.mapAsync(Functions::setting, Collections.nCopies(60, 3), 2);
    assertThat(reds.get(SOON)).containsOnly("red");
    assertThat(blues.get(SOON)).containsOnly("blue");
  }

  @Test
  void a_call_may_ask_for_its_child_to_be_replaced() {
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pids.add(pool().apply(Functions::recycle, 1));
    }
    assertThat(pids).doesNotHaveDuplicates();
  }

  @Test
  void a_pool_with_a_bound_never_runs_more_calls_at_once() {
    Pool two = open(builder().processes(2));
    List<long[]> spans = two.map(Functions::span, Collections.nCopies(20, 30), 1);
    for (long[] one : spans) {
      long overlapping =
          spans.stream().filter(other -> other[0] < one[0] && one[0] < other[1]).count();
      assertThat(overlapping).isLessThanOrEqualTo(1);
    }
    assertThat(two.processes()).isEqualTo(2);
  }

  @Test
  void a_call_may_open_a_pool_of_its_own() {
    assertThat(pool().apply(Functions::nested, 21)).isEqualTo(42);
  }

  @Test
  void an_initializer_takes_no_to_four_arguments_and_what_it_captures() {
    String captured = "c";
    int number = 3;
    List<Pool> pools =
        List.of(
            open(builder().initializer(() -> Functions.init("none"))),
            open(builder().initializer(Functions::init, "one")),
            open(builder().initializer((String a, String b) -> Functions.init(a + b), "two", "2")),
            open(
                builder()
                    .initializer(
                        (String a, Integer b, Boolean c) -> Functions.init(a + b + c),
                        "three",
                        3,
                        true)),
            open(
                builder()
                    .initializer(
                        (String a, Integer b, Boolean c, Long d) ->
                            Functions.init(a + b + c + d + captured + number),
                        "four",
                        4,
                        false,
                        5L)));
    List<String> seen = pools.stream().map(pool -> pool.apply(Functions::setting, 1)).toList();
    assertThat(seen).containsExactly("none", "one", "two2", "three3true", "four4false5c3");
  }

  @Test
  void an_initializer_that_fails_ends_pending_and_new_calls_with_its_cause() {
    Pool pool = open(builder().initializer(Functions::failInit));
    AsyncResult<List<Integer>> pending = pool.mapAsync(Functions::twice, upTo(10), 2);
    assertThatThrownBy(() -> pending.get(SOON))
        .cause()
        .isExactlyInstanceOf(InitializerFailedException.class)
        .hasMessageContaining("no start");
    assertThatThrownBy(() -> pool.apply(Functions::twice, 1))
        .isExactlyInstanceOf(InitializerFailedException.class)
        .cause()
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("no start");
    assertThat(pool().apply(Functions::twice, 1)).isEqualTo(2);
  }

  @Test
  void initializers_that_hang_or_end_their_child_cost_other_pools_nothing() throws Exception {
    Pool ending = open(builder().initializer(() -> Functions.end("halt")));
    assertThatThrownBy(() -> ending.applyAsync(Functions::twice, 1).get(SOON))
        .cause()
        .isExactlyInstanceOf(InitializerFailedException.class)
        .hasMessageContaining("exited with code 8");
    Path file = folder.resolve("hanging");
    String path = file.toString();
    Pool hanging = open(builder().initializer(() -> Functions.mark(path, 600_000)));
    AsyncResult<List<Integer>> waiting = hanging.mapAsync(Functions::twice, upTo(10), 1);
    awaitLines(file, 2);
    hanging.terminate();
    assertThatThrownBy(() -> waiting.get(BOUND)).hasCauseInstanceOf(PoolTerminatedException.class);
    Pool next = open(builder().initializer(Functions::init, "next"));
    assertThat(next.applyAsync(Functions::setting, 1).get(SOON)).isEqualTo("next");
  }

  @Test
  void state_stays_in_its_child_from_call_to_call() {
    Pool one = open(builder().processes(1));
    long[] before = one.apply(Functions::pidAndCount, 0);
    long[] after = one.apply(Functions::pidAndCount, 0);
    if (before[0] == after[0]) {
      assertThat(after[1]).isEqualTo(before[1] + 1);
    }
    assertThat(Functions.calls()).as("calls that this process has run itself").isZero();
  }
}
