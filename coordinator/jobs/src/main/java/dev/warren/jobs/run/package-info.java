/**
 * Runs durable jobs: one {@link dev.warren.jobs.run.JobRun} per job that this process owns, each
 * with a thread of its own.
 */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs.run;
