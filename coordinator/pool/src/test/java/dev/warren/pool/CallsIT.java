package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conformance: functions, arguments and results of all kinds of calls. */
class CallsIT extends OnOneSite {

  @Test
  void lambdas_and_what_they_capture_travel() {
    int offset = 5;
    assertThat(pool().map(n -> n + offset, upTo(3))).containsExactly(5, 6, 7);
    assertThat(pool().<Integer>apply(() -> offset * 2)).isEqualTo(10);
  }

  @Test
  void one_pool_serves_several_threads() throws Exception {
    List<CompletableFuture<List<Integer>>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int from = i * 1000;
      CompletableFuture<List<Integer>> result = new CompletableFuture<>();
      all.add(result);
      new Thread(
              () ->
                  result.complete(
                      pool()
                          .map(
                              Functions::twice,
                              IntStream.range(from, from + 200).boxed().toList())))
          .start();
    }
    for (int i = 0; i < 8; i++) {
      assertThat(all.get(i).get(180, TimeUnit.SECONDS)).hasSize(200).startsWith(i * 2000);
    }
  }

  @Test
  void a_long_call_holds_up_no_short_ones() {
    ResultIterator<Integer> results =
        pool().imapUnordered(Functions::sleep, List.of(1_000_000, 1, 2, 3, 4, 5, 6, 7, 8), 1);
    for (int i = 0; i < 8; i++) {
      assertThat(results.next()).isLessThan(1_000_000);
    }
    results.close();
  }

  @Test
  void results_of_every_shape_keep_their_types() {
    Functions.Shapes shapes =
        new Functions.Shapes(
            List.of(new Functions.Point(1, 2)),
            Map.of("a", new BigDecimal("1.10")),
            DayOfWeek.FRIDAY,
            Optional.of("some"),
            Optional.empty(),
            Instant.parse("2026-01-02T03:04:05.678Z"),
            LocalDate.of(2026, 1, 2),
            new byte[] {1, 2, 3},
            null);
    Functions.Shapes back = pool().apply(Functions::shapes, shapes);
    assertThat(back).usingRecursiveComparison().isEqualTo(shapes);
    assertThat(pool().apply(Functions::generic, 3))
        .isEqualTo(Map.of("points", List.of(new Functions.Point(3, 3))));
    assertThat(pool().<String, String>apply(Functions::nothing, null)).isNull();
    assertThat(pool().apply(Functions::looksLikeAFailure, 1)).containsKey("error");
  }

  @Test
  void calls_of_no_to_four_arguments_give_the_values_of_the_function() throws Exception {
    assertThat(pool().<Integer>apply(() -> 7)).isEqualTo(7);
    assertThat(pool().apply(Functions::twice, 4)).isEqualTo(8);
    assertThat(pool().apply(Functions::add, 1, 2)).isEqualTo(3);
    assertThat(pool().apply(Functions::joined3, "a", 1, true)).isEqualTo("a1true");
    assertThat(pool().apply(Functions::joined4, "a", 1, true, 2L)).isEqualTo("a1true2");
    assertThat(pool().<Integer>applyAsync(() -> 7).get()).isEqualTo(7);
    assertThat(pool().applyAsync(Functions::twice, 4).get()).isEqualTo(8);
    assertThat(pool().applyAsync(Functions::add, 1, 2).get()).isEqualTo(3);
    assertThat(pool().applyAsync(Functions::joined3, "a", 1, true).get()).isEqualTo("a1true");
    assertThat(pool().applyAsync(Functions::joined4, "a", 1, true, 2L).get()).isEqualTo("a1true2");
  }

  @Test
  void maps_and_starmaps_give_values_in_the_order_of_the_items() throws Exception {
    List<Integer> doubled = upTo(500).stream().map(n -> 2 * n).toList();
    assertThat(pool().map(Functions::twice, upTo(500))).isEqualTo(doubled);
    assertThat(pool().map(Functions::twice, upTo(500), 7)).isEqualTo(doubled);
    assertThat(pool().mapAsync(Functions::twice, upTo(500)).get()).isEqualTo(doubled);
    assertThat(pool().mapAsync(Functions::twice, upTo(500), 9).get()).isEqualTo(doubled);
    var pairs = List.of(Args.of(1, 2), Args.of(3, 4), Args.of(5, 6));
    assertThat(pool().starmap(Functions::add, pairs)).containsExactly(3, 7, 11);
    assertThat(pool().starmap(Functions::add, pairs, 2)).containsExactly(3, 7, 11);
    assertThat(pool().starmapAsync(Functions::add, pairs, 2).get()).containsExactly(3, 7, 11);
    var triples = List.of(Args.of("a", 1, true), Args.of("b", 2, false));
    assertThat(pool().starmap(Functions::joined3, triples)).containsExactly("a1true", "b2false");
    assertThat(pool().starmapAsync(Functions::joined3, triples, 1).get())
        .containsExactly("a1true", "b2false");
    assertThat(pool().starmap(Functions::joined4, List.of(Args.of("a", 1, true, 2L))))
        .containsExactly("a1true2");
  }

  @Test
  void results_of_every_type_come_back_as_what_they_were() {
    List<Functions.Point> points = List.of(new Functions.Point(1, 2));
    assertThat(pool().apply(Functions::points, points)).isEqualTo(points);
    Map<String, BigDecimal> amounts = Map.of("a", new BigDecimal("1.100"));
    assertThat(pool().apply(Functions::amounts, amounts)).isEqualTo(amounts);
    Map<DayOfWeek, List<Functions.Point>> byDay = Map.of(DayOfWeek.FRIDAY, points);
    assertThat(pool().apply(Functions::byDay, byDay)).isEqualTo(byDay);
    assertThat(pool().apply(Functions::maybe, Optional.of(points.get(0)))).contains(points.get(0));
    assertThat(pool().apply(Functions::maybe, Optional.<Functions.Point>empty())).isEmpty();
    assertThat(pool().apply(Functions::later, Instant.parse("2026-01-02T03:04:05.000000006Z")))
        .isEqualTo(Instant.parse("2026-01-02T03:04:06.000000006Z"));
    assertThat(pool().apply(Functions::reversed, new byte[] {1, 2, 3})).containsExactly(3, 2, 1);
    assertThat(pool().map(Functions::half, List.of(1, 3))).containsExactly(0.5, 1.5);
    assertThat(pool().map(Functions::nothing, Arrays.asList("a", null))).containsExactly("a", null);
  }

  @Test
  void what_is_over_the_size_limit_is_refused_with_both_sizes() {
    int max = 100 << 20;
    assertThatThrownBy(() -> pool().apply(Functions::bytes, max + 100))
        .isExactlyInstanceOf(ResultNotSerializableException.class)
        .hasMessageMatching("(?s).* has 1398\\d{5} bytes as JSON, over the limit of \\d+;.*")
        .satisfies(
            e -> {
              Map<String, Object> details = ((TaskFailedException) e).failure().details();
              assertThat(details).containsKeys("bytes", "limitBytes");
            });
    assertThatThrownBy(() -> pool().apply(Functions::reversed, new byte[max]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(".*arguments are 1398\\d{5} bytes.*at most \\d+.*");
    assertThat(pool().apply(Functions::bytes, 9 << 20)).hasSize(9 << 20);
  }
}
