/**
 * Keeps jobs in a database: their input, their outcomes, who runs them. {@link
 * dev.warren.jobs.store.JobStore} is the door; the only package that contains SQL.
 *
 * <p>A call has a number that is unique in its job: round · 2⁴⁰ + index of its line.
 */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs.store;
