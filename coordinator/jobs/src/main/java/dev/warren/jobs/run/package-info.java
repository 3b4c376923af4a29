/**
 * Runs durable jobs: each job that this process owns has a thread {@code job}, which publishes its
 * calls and changes its state; {@code job-lease} renews the leases. Outcomes arrive on threads of
 * the broker and go to the journal.
 *
 * <p>Door: {@link dev.warren.jobs.run.Coordinator}.
 */
@NullMarked
package dev.warren.jobs.run;

import org.jspecify.annotations.NullMarked;
