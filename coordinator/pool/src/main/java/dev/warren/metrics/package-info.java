/**
 * Shows what a pool counts and measures in the application's own metrics, where it has Micrometer.
 * docs/METRICS.md lists the meters.
 *
 * <p>Door: {@link dev.warren.metrics.WarrenMetrics}. Thread-safe.
 */
@NullMarked
package dev.warren.metrics;

import org.jspecify.annotations.NullMarked;
