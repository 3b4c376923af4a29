/**
 * What every measure needs: samplers, targets, the runner, statistics, the report, and processes to
 * measure beside.
 *
 * <p>Door: {@link dev.warren.bench.harness.Measure}, {@link dev.warren.bench.harness.Runner},
 * {@link dev.warren.bench.harness.Report}.
 */
@NullMarked
package dev.warren.bench.harness;

import org.jspecify.annotations.NullMarked;
