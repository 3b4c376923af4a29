package dev.warren.examples.tika;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a job did.
 *
 * @param good documents with their text
 * @param failed documents with a reason
 * @param lost documents without either
 * @param seconds from the job's start to its end
 * @param processorSeconds of the job and all processes that it has started
 * @param peakBytes highest proportional memory of the job with all its processes
 * @param ended false if it had to be killed
 */
record Measured(
    int good,
    int failed,
    int lost,
    double seconds,
    double processorSeconds,
    long peakBytes,
    boolean ended) {

  /** Returns the round with the median time. */
  static Measured median(List<Measured> rounds) {
    List<Measured> sorted = new ArrayList<>(rounds);
    sorted.sort(Comparator.comparingDouble(Measured::seconds));
    return sorted.get(sorted.size() / 2);
  }
}
