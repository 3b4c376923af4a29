package dev.warren.service.metrics;

import dev.warren.jobs.meter.JobMeters;
import dev.warren.meter.CommonMeters;
import dev.warren.meter.Meter;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.worker.meter.WorkerMeters;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All meters of Warren. Immutable. */
public final class Catalogue {
  /** By name. */
  public static final List<Meter> ALL =
      Stream.of(
              CommonMeters.ALL,
              WorkerMeters.definitions(),
              PoolMeters.definitions(),
              JobMeters.ALL,
              CoordinatorGauges.DEFINITIONS)
          .flatMap(List::stream)
          .sorted(Comparator.comparing(Meter::name))
          .toList();

  private Catalogue() {}

  /** Where a meter is shown, for people. */
  static String shownBy(Meter meter) {
    boolean common = CommonMeters.ALL.contains(meter);
    boolean worker = common || WorkerMeters.definitions().contains(meter);
    boolean pool = common || PoolMeters.definitions().contains(meter);
    return worker && pool
        ? "worker, coordinator, pool"
        : worker ? "worker, `local:` pool" : pool ? "coordinator, pool" : "coordinator";
  }
}
