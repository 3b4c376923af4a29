package dev.warren.service.board;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.CauseCount;
import java.time.Instant;
import java.util.List;

/**
 * Failed calls with the same cause. Immutable.
 *
 * @param cause identifies the cause within its job
 * @param kind kind of the failures; empty if it is not known
 * @param contrast what is different about them, in sentences
 */
record CauseSummary(
    String cause,
    String kind,
    String title,
    long calls,
    long firstIndex,
    Instant first,
    Instant last,
    List<String> contrast) {
  static CauseSummary of(CauseCount count, Contrast contrast) {
    return new CauseSummary(
        count.fingerprint(),
        count.kind(),
        count.title(),
        count.calls(),
        CallNumber.index(count.firstCall()),
        count.first(),
        count.last(),
        contrast.of(count.fingerprint()));
  }
}
