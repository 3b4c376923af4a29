/**
 * What a job calls and with which arguments: its definition, its lines of input and their
 * conversion to arguments. Has no thread.
 *
 * <p>Door: {@link dev.warren.jobs.spec.JobDefinition}, {@link dev.warren.jobs.spec.InputLines},
 * {@link dev.warren.jobs.spec.LineCheck}.
 */
@NullMarked
package dev.warren.jobs.spec;

import org.jspecify.annotations.NullMarked;
