/** Writes what happens to a job's calls into the store, many outcomes per transaction. */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs.journal;
