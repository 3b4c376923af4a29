/**
 * Reads the outcomes of a job in the order of its input, and writes them as lines. Blocks on the
 * store, on the caller's thread.
 *
 * <p>Door: {@link dev.warren.jobs.output.JobResults}, {@link dev.warren.jobs.output.OutcomeFormat}.
 */
@NullMarked
package dev.warren.jobs.output;

import org.jspecify.annotations.NullMarked;
