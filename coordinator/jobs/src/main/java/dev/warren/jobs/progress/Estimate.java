package dev.warren.jobs.progress;

/**
 * How long a job still needs, as a range. Immutable.
 *
 * @param low seconds that it needs at least, in nine cases of ten
 * @param high seconds that it needs at most, in nine cases of ten
 */
public record Estimate(double low, double high) {}
