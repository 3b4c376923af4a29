package dev.warren.jobs.journal;

/**
 * What failures have in common. Immutable.
 *
 * @param fingerprint identifies the cause within its job
 * @param title what they have in common, for people
 */
public record Cause(String fingerprint, String title) {}
