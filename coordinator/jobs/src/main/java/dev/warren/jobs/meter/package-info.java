/**
 * Definitions of the meters of jobs. A store's values are read by whoever shows them.
 *
 * <p>Door: {@link dev.warren.jobs.meter.JobMeters}. Threads: none.
 */
@NullMarked
package dev.warren.jobs.meter;

import org.jspecify.annotations.NullMarked;
