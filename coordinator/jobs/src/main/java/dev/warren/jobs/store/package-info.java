/**
 * What is kept of a job: its input, its outcomes, who runs it; and the contract of the store that
 * keeps it. Door: all types, first {@link dev.warren.jobs.store.JobStore}. {@code store.sql} has
 * the implementation.
 *
 * <p>A call has a number that is unique in its job: round · 2⁴⁰ + index of its line.
 */
@NullMarked
package dev.warren.jobs.store;

import org.jspecify.annotations.NullMarked;
