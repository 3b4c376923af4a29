package dev.warren.jobs.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A job whose input is about to be received. Immutable.
 *
 * @param name unique in its pool
 * @param definition what is called and how, as JSON; opaque to the store
 * @param keep how long the job is kept after its end
 * @param key stored with the job's acceptance; null if the submission has none
 */
public record NewJob(
    String pool, String name, String definition, Duration keep, @Nullable Key key) {

  /** A job whose submission has no key. */
  public NewJob(String pool, String name, String definition, Duration keep) {
    this(pool, name, definition, keep, null);
  }

  /**
   * A client's key of a submission, by which a repeated one is recognized for {@link
   * JobStore#KEYS_KEPT}. Immutable.
   *
   * @param text chosen by the client
   * @param request what was described besides the input, or a digest of it
   */
  public record Key(String text, String request) {}
}
