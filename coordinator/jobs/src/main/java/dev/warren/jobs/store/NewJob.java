package dev.warren.jobs.store;

import java.time.Duration;

/**
 * A job whose input is about to be received. Immutable.
 *
 * @param name unique in its pool
 * @param definition what is called and how, as JSON; opaque to the store
 * @param keep how long the job is kept after its end
 */
public record NewJob(String pool, String name, String definition, Duration keep) {}
