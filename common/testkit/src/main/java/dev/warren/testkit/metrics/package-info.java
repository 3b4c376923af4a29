/**
 * Reads what programs show to Prometheus, for tests.
 *
 * <p>Door: {@link dev.warren.testkit.metrics.OpenMetricsText}. Threads: none.
 */
@NullMarked
package dev.warren.testkit.metrics;

import org.jspecify.annotations.NullMarked;
