/**
 * Writes what happens to a job's calls into its store, many outcomes in one transaction. Door:
 * {@link dev.warren.jobs.journal.Journal}, with {@link dev.warren.jobs.journal.Cause}.
 *
 * <p>Threads: one per journal, {@code job-journal}, which writes and completes the stages.
 */
@NullMarked
package dev.warren.jobs.journal;

import org.jspecify.annotations.NullMarked;
