package dev.warren.service.metrics;

import dev.warren.meter.Counter;
import dev.warren.meter.Gauge;
import dev.warren.meter.Histogram;
import dev.warren.meter.Instrument;
import dev.warren.meter.Meter;
import dev.warren.meter.Meters;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of meters as text: OpenMetrics if the reader accepts it, otherwise the older format of
 * Prometheus. Immutable.
 *
 * @param text in UTF-8
 */
record Exposition(String contentType, String text) {
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String INFO = "_info";
  private static final ExpositionFormatWriter OPEN = OpenMetricsTextFormatWriter.create();
  private static final ExpositionFormatWriter PLAIN = PrometheusTextFormatWriter.create();

  /**
   * Reads all values.
   *
   * @param accept the reader's header of this name; null if it has none
   */
  static Exposition of(Meters meters, @Nullable String accept) {
    ExpositionFormatWriter writer = accept != null && accept.contains(OPEN_METRICS) ? OPEN : PLAIN;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(out, snapshots(meters));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Exposition(writer.getContentType(), out.toString(StandardCharsets.UTF_8));
  }

  private static MetricSnapshots snapshots(Meters meters) {
    Map<Meter, Points> all = new LinkedHashMap<>();
    for (Instrument instrument : meters.instruments()) {
      instrument.show(all.computeIfAbsent(instrument.meter(), meter -> new Points()));
    }
    List<MetricSnapshot> snapshots = new ArrayList<>();
    all.forEach((meter, points) -> snapshots.add(points.snapshot(meter)));
    return new MetricSnapshots(snapshots);
  }

  private static Labels labels(Instrument instrument) {
    String[] names =
        instrument.meter().labels().stream().map(label -> label.name()).toArray(String[]::new);
    return Labels.of(names, instrument.labels().toArray(String[]::new));
  }

  /** The values of one meter. */
  private static final class Points implements Instrument.Visitor {
    private final List<CounterSnapshot.CounterDataPointSnapshot> counters = new ArrayList<>();
    private final List<GaugeSnapshot.GaugeDataPointSnapshot> gauges = new ArrayList<>();
    private final List<HistogramSnapshot.HistogramDataPointSnapshot> histograms = new ArrayList<>();

    @Override
    public void counter(Counter counter) {
      counters.add(
          new CounterSnapshot.CounterDataPointSnapshot(counter.count(), labels(counter), null, 0L));
    }

    @Override
    public void gauge(Gauge gauge) {
      gauges.add(new GaugeSnapshot.GaugeDataPointSnapshot(gauge.value(), labels(gauge), null));
    }

    @Override
    public void histogram(Histogram histogram) {
      List<Double> bounds = histogram.meter().bounds();
      double[] limits =
          Stream.concat(bounds.stream(), Stream.of(Double.POSITIVE_INFINITY))
              .mapToDouble(Double::doubleValue)
              .toArray();
      histograms.add(
          new HistogramSnapshot.HistogramDataPointSnapshot(
              ClassicHistogramBuckets.of(limits, histogram.counts()),
              histogram.sumSeconds(),
              labels(histogram),
              Exemplars.EMPTY,
              0L));
    }

    MetricSnapshot snapshot(Meter meter) {
      String name = meter.name();
      if (name.endsWith(INFO)) {
        return new InfoSnapshot(
            new MetricMetadata(
                name.substring(0, name.length() - INFO.length()), meter.description()),
            gauges.stream()
                .map(DataPointSnapshot::getLabels)
                .map(InfoSnapshot.InfoDataPointSnapshot::new)
                .toList());
      }
      return switch (meter.type()) {
        case COUNTER ->
            new CounterSnapshot(
                new MetricMetadata(name.replaceFirst("_total$", ""), meter.description()),
                counters);
        case GAUGE -> new GaugeSnapshot(metadata(meter), gauges);
        case HISTOGRAM -> new HistogramSnapshot(metadata(meter), histograms);
      };
    }

    private static MetricMetadata metadata(Meter meter) {
      @Nullable Unit unit =
          switch (meter.unit()) {
            case "seconds" -> Unit.SECONDS;
            case "bytes" -> Unit.BYTES;
            default -> null;
          };
      return new MetricMetadata(meter.name(), meter.description(), unit);
    }
  }
}
