package dev.warren.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.meter.BrokerMeters;
import dev.warren.meter.CommonMeters;
import dev.warren.meter.Meters;
import dev.warren.meter.OutcomeCounters;
import dev.warren.testkit.metrics.OpenMetricsText;
import dev.warren.worker.meter.WorkerMeters;
import org.junit.jupiter.api.Test;

class ExpositionTest {
  private static final String PROMETHEUS =
      "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  private final Meters meters = new Meters();

  @Test
  void readers_get_open_metrics_if_they_accept_it() {
    new OutcomeCounters(meters).values(3);
    Exposition open = Exposition.of(meters, PROMETHEUS);
    assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(OpenMetricsText.parse(open.text()).value("warren_outcomes_total{kind=\"value\"}"))
        .isEqualTo(3);
    for (String accept : new String[] {null, "*/*", "text/html", "text/plain"}) {
      Exposition plain = Exposition.of(meters, accept);
      assertThat(plain.contentType()).startsWith("text/plain; version=0.0.4");
      assertThat(plain.text())
          .contains("# TYPE warren_outcomes_total counter\n")
          .contains("warren_outcomes_total{kind=\"value\"} 3.0\n")
          .doesNotContain("# EOF");
    }
  }

  @Test
  void every_kind_of_meter_is_shown_under_its_name_in_the_catalogue() {
    WorkerMeters worker = new WorkerMeters(meters);
    worker.showPresent(pid -> 0);
    worker.ran("com.acme.Stats::score(I)I", 7, 7_000_000);
    CommonMeters.showVersion(meters, "1.2.3");
    OpenMetricsText scrape = OpenMetricsText.parse(Exposition.of(meters, PROMETHEUS).text());
    assertThat(scrape.value("warren_build_info{version=\"1.2.3\"}")).isEqualTo(1);
    assertThat(scrape.value("warren_slots{state=\"busy\"}")).isZero();
    assertThat(scrape.value("warren_run_seconds_bucket{fn=\"com.acme.Stats::score\",le=\"1.0\"}"))
        .isEqualTo(7);
    assertThat(scrape.value("warren_run_seconds_count{fn=\"com.acme.Stats::score\"}")).isEqualTo(7);
    assertThat(scrape.value("warren_run_seconds_sum{fn=\"com.acme.Stats::score\"}")).isEqualTo(7);
  }

  @Test
  void a_worker_has_at_most_250_series_however_many_functions_it_runs() {
    WorkerMeters worker = new WorkerMeters(meters);
    worker.showPresent(pid -> 0);
    CommonMeters.showVersion(meters, "1.2.3");
    assertThat(new BrokerMeters(meters, CommonMeters.Role.WORKER)).isNotNull();
    for (int i = 0; i < 1000; i++) {
      worker.ran("com.acme.Stats::f" + i + "(I)I", 1, 1);
    }
    OpenMetricsText scrape = OpenMetricsText.parse(Exposition.of(meters, PROMETHEUS).text());
    assertThat(scrape.series()).contains("warren_run_seconds_count{fn=\"other\"}");
    assertThat(scrape.series()).hasSizeBetween(200, 250);
  }

  @Test
  void names_of_functions_are_escaped() {
    new WorkerMeters(meters).ran("a\"b\\c\n::f", 1, 1);
    assertThat(OpenMetricsText.parse(Exposition.of(meters, PROMETHEUS).text()).series())
        .contains("warren_run_seconds_count{fn=\"a\\\"b\\\\c\\n::f\"}");
  }
}
