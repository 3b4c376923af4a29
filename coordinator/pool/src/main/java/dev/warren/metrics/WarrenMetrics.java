package dev.warren.metrics;

import dev.warren.meter.Counter;
import dev.warren.meter.Gauge;
import dev.warren.meter.Histogram;
import dev.warren.meter.Instrument;
import dev.warren.meter.Meters;
import dev.warren.pool.Pool;
import dev.warren.pool.engine.JobHost;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The meters of a pool in a registry of Micrometer, tagged with the pool's name; needs
 * micrometer-core, which Warren does not bring. Thread-safe.
 *
 * <pre>{@code
 * try (Pool pool = Pool.open("amqp://broker/?pool=scores");
 *     WarrenMetrics metrics = WarrenMetrics.bind(registry, pool)) {
 *   …
 * }
 * }</pre>
 *
 * <p>The names are those of docs/METRICS.md in the form of Micrometer: with dots, and without the
 * unit and {@code total}, which the registry adds if its system wants them. A histogram is a timer
 * and a counter {@code .bucket} per bound, so that values are only read when the registry asks, and
 * recording costs the same with and without a registry. Two pools of the same name cannot be told
 * apart.
 */
public final class WarrenMetrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final Tags pool;
  private final ConcurrentLinkedQueue<Runnable> removals = new ConcurrentLinkedQueue<>();

  private final Meters.Watch watch;

  private WarrenMetrics(MeterRegistry registry, String pool, Meters meters) {
    this.registry = registry;
    this.pool = Tags.of("pool", pool);
    this.watch = meters.watch(instrument -> instrument.show(new Registration()));
  }

  /**
   * Registers the meters of a pool, and those that are added later. The pool stays the caller's.
   *
   * @return removes them from the registry when it is closed
   */
  public static WarrenMetrics bind(MeterRegistry registry, Pool pool) {
    return new WarrenMetrics(registry, pool.name(), pool.unwrap(JobHost.class).meters().meters());
  }

  /** Removes the meters from the registry. Idempotent. */
  @Override
  public void close() {
    watch.close();
    for (Runnable next = removals.poll(); next != null; next = removals.poll()) {
      next.run();
    }
  }

  private void registered(Meter meter) {
    removals.add(() -> registry.remove(meter));
  }

  private static String name(Instrument instrument) {
    return instrument.meter().name().replaceFirst("_(total|seconds|bytes)$", "").replace('_', '.');
  }

  private Tags tags(Instrument instrument) {
    List<dev.warren.meter.Label> labels = instrument.meter().labels();
    return pool.and(
        IntStream.range(0, labels.size())
            .mapToObj(i -> Tag.of(labels.get(i).name(), instrument.labels().get(i)))
            .toList());
  }

  private final class Registration implements Instrument.Visitor {
    @Override
    public void counter(Counter counter) {
      registered(
          FunctionCounter.builder(name(counter), counter, Counter::count)
              .description(counter.meter().description())
              .tags(tags(counter))
              .register(registry));
    }

    @Override
    public void gauge(Gauge gauge) {
      var builder =
          io.micrometer.core.instrument.Gauge.builder(name(gauge), gauge, Gauge::value)
              .description(gauge.meter().description())
              .tags(tags(gauge));
      String unit = gauge.meter().unit();
      registered((unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry));
    }

    @Override
    public void histogram(Histogram histogram) {
      registered(
          FunctionTimer.builder(
                  name(histogram),
                  histogram,
                  Histogram::count,
                  Histogram::sumSeconds,
                  TimeUnit.SECONDS)
              .description(histogram.meter().description())
              .tags(tags(histogram))
              .register(registry));
      List<Double> bounds = histogram.meter().bounds();
      for (int i = 0; i <= bounds.size(); i++) {
        int index = i;
        registered(
            FunctionCounter.builder(
                    name(histogram) + ".bucket", histogram, times -> times.countUpTo(index))
                .description("How many of " + histogram.meter().name() + " were at most le.")
                .tags(tags(histogram).and("le", i < bounds.size() ? "" + bounds.get(i) : "+Inf"))
                .register(registry));
      }
    }
  }
}
