/**
 * Groups failed calls by their cause. Has no thread.
 *
 * <p>Door: {@link dev.warren.jobs.cause.CauseReader}.
 */
@NullMarked
package dev.warren.jobs.cause;

import org.jspecify.annotations.NullMarked;
