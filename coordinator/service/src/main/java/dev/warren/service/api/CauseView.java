package dev.warren.service.api;

import dev.warren.jobs.store.CauseCount;
import java.time.Instant;

/**
 * Failed calls with the same cause as the API shows them. Immutable.
 *
 * @param cause identifies the cause within its job; what a retry takes
 * @param title what they have in common
 * @param calls number of calls
 * @param firstIndex index of the first of them in the input
 * @param first when the first one failed
 * @param last when the last one failed
 */
public record CauseView(
    String cause, String title, long calls, long firstIndex, Instant first, Instant last) {
  /** Bits of a call's number that are its index; those above are its round. */
  private static final int INDEX_BITS = 40;

  public static CauseView of(CauseCount count) {
    return new CauseView(
        count.fingerprint(),
        count.title(),
        count.calls(),
        count.firstCall() & (1L << INDEX_BITS) - 1,
        count.first(),
        count.last());
  }
}
