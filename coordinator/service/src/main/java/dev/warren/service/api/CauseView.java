package dev.warren.service.api;

import dev.warren.jobs.store.CallNumber;
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
  public static CauseView of(CauseCount count) {
    return new CauseView(
        count.fingerprint(),
        count.title(),
        count.calls(),
        CallNumber.index(count.firstCall()),
        count.first(),
        count.last());
  }
}
