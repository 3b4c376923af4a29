package dev.warren.jobs.journal;

import dev.warren.jobs.store.JobStatistics.ChildCounts;
import dev.warren.wire.child.ChildState;
import java.util.HashMap;
import java.util.Map;

/** Counts calls by the state of the child that ran them. Confined to its owner. */
final class ChildTally {
  /** Maximum number of steps that are told apart in each of its maps; workers use fewer. */
  private static final int MAX_STEPS = 100;

  private final Map<Long, Long> ageSeconds;
  private final Map<Long, Long> callsBefore;
  private final Map<Long, Long> mebibytes;

  ChildTally(ChildCounts counts) {
    ageSeconds = new HashMap<>(counts.ageSeconds());
    callsBefore = new HashMap<>(counts.callsBefore());
    mebibytes = new HashMap<>(counts.mebibytes());
  }

  /** Adds calls; if {@code onlyKnown}, only to counts that it keeps already. */
  void add(ChildState state, int calls, boolean onlyKnown) {
    int max = onlyKnown ? 0 : MAX_STEPS;
    add(ageSeconds, state.ageSeconds(), calls, max);
    add(callsBefore, state.callsBefore(), calls, max);
    add(mebibytes, state.mebibytes(), calls, max);
  }

  private static void add(Map<Long, Long> counts, long step, int calls, int max) {
    if (step >= 0 && (counts.size() < max || counts.containsKey(step))) {
      counts.merge(step, (long) calls, Long::sum);
    }
  }

  /** Number of counts that it keeps. */
  int size() {
    return ageSeconds.size() + callsBefore.size() + mebibytes.size();
  }

  ChildCounts counts() {
    return new ChildCounts(ageSeconds, callsBefore, mebibytes);
  }
}
