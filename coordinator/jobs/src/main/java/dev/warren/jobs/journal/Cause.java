package dev.warren.jobs.journal;

/**
 * What failures have in common. Immutable.
 *
 * @param fingerprint identifies the cause within its job
 * @param kind kind of the failures, as on the wire; empty if it is not known
 * @param title what they have in common, for people
 */
public record Cause(String fingerprint, String kind, String title) {}
