package dev.warren.pool.engine.submit;

/**
 * The counts of an abandoned job.
 *
 * @param calls number of calls of the job, ended ones included
 * @param unsent number of calls that were not sent and so have no outcome
 */
public record Abandoned(long calls, long unsent) {}
