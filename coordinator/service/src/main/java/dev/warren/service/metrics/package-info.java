/**
 * Shows meters to Prometheus: on a coordinator as routes of its API, on a worker with a small
 * server of its own.
 *
 * <p>Threads: a timer {@code service-gauges}; answers run on the threads of the server, those of a
 * worker on {@code worker-metrics}.
 *
 * <p>Door: {@link dev.warren.service.metrics.WorkerEndpoint}, {@link
 * dev.warren.service.metrics.MetricsRoutes}, {@link dev.warren.service.metrics.Catalogue}.
 */
@NullMarked
package dev.warren.service.metrics;

import org.jspecify.annotations.NullMarked;
