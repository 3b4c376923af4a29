package dev.warren.service.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.BoundedMap;
import dev.warren.service.http.Problem;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, for the last submissions that carried an {@code Idempotency-Key}, what they described
 * and whether they created their job, so that a repeated request gets the same answer. After a
 * restart only the job's name does that, which answers 200 instead of 201. Thread-safe.
 */
final class IdempotencyKeys {
  /** Maximum size of the table; the oldest keys are forgotten. */
  private static final long BYTES = 4 << 20;

  private static final int MAX_LENGTH = 255;

  @GuardedBy("this")
  private final BoundedMap<String, Submission> known =
      BoundedMap.byAge(BYTES, (key, submission) -> submission.bytes(key));

  /**
   * A submission.
   *
   * @param description everything but the input
   * @param status the status of its answer; 0 while it is being received
   */
  private record Submission(String description, int status) {
    long bytes(String key) {
      return BoundedMap.textBytes(key) + BoundedMap.textBytes(description);
    }
  }

  /**
   * Begins a submission; returns the status of the answer to the same one before, 0 if there was
   * none.
   *
   * @throws Problem if the key belongs to another submission, or its submission is not complete
   */
  synchronized int begin(@Nullable String key, String description) {
    if (key == null) {
      return 0;
    }
    if (key.isBlank() || key.length() > MAX_LENGTH) {
      throw Problem.badRequest(
          "Idempotency-Key has " + key.length() + " characters; must have 1 to " + MAX_LENGTH);
    }
    Submission before = known.get(key);
    if (before == null) {
      known.put(key, new Submission(description, 0));
      return 0;
    }
    if (!before.description.equals(description)) {
      throw new Problem(
          HttpStatus.UNPROCESSABLE_ENTITY_422,
          "Idempotency-Key '" + key + "' was used for another submission; use a new one");
    }
    if (before.status == 0) {
      throw Problem.conflict(
          "the submission with Idempotency-Key '" + key + "' is still being received");
    }
    return before.status;
  }

  /** Ends a submission that was accepted. */
  synchronized void accepted(@Nullable String key, String description, int status) {
    if (key != null) {
      known.put(key, new Submission(description, status));
    }
  }

  /** Ends a submission that was not accepted, so that the key can be used again. */
  synchronized void refused(@Nullable String key) {
    Submission submission = key == null ? null : known.get(key);
    if (key != null && submission != null && submission.status == 0) {
      known.remove(key);
    }
  }
}
