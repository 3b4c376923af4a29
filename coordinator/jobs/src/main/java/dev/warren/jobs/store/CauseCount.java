package dev.warren.jobs.store;

import java.time.Instant;

/**
 * Failed calls of a job with the same cause. Immutable.
 *
 * @param fingerprint identifies the cause within its job
 * @param kind kind of the failure, as on the wire; empty if it is not known
 * @param title what they have in common, for people
 * @param calls number of calls
 * @param firstCall number of the first of them
 */
public record CauseCount(
    String fingerprint,
    String kind,
    String title,
    long calls,
    long firstCall,
    Instant first,
    Instant last) {}
