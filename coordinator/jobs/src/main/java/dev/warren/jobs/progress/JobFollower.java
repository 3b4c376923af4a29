package dev.warren.jobs.progress;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Follows a job in its store, whoever runs it: reads what was added since the last time. Not
 * thread-safe; its methods block while the store answers.
 */
public final class JobFollower implements AutoCloseable {
  private static final Set<Segment.Kind> ALL = EnumSet.allOf(Segment.Kind.class);

  private static final byte[] KIND = bytes("{\"error\":{\"kind\":\"");
  private static final byte[] CANCELLED =
      bytes("{\"error\":{\"kind\":\"" + FailureKind.CANCELLED.wire() + "\"");

  private final StoredJob job;
  private JobRecord record;
  private JobStatistics statistics = JobStatistics.NONE;
  private BatchMap map;
  private long nextSeq;
  private Payload lastLine = Payload.EMPTY;
  private BatchMap.End lastEnd = BatchMap.End.FAILED;

  private JobFollower(StoredJob job) {
    this.job = job;
    this.record = job.record();
    this.map = new BatchMap(record.calls());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Follows the job with this id from its beginning.
   *
   * @throws dev.warren.jobs.store.StoreException if there is none
   */
  public static JobFollower open(JobStore store, String id) {
    return new JobFollower(store.job(id));
  }

  /** Reads what is new. */
  public void refresh() {
    record = job.record();
    statistics = job.statistics();
    if (record.calls() != map.calls()) {
      map = new BatchMap(record.calls()); // input was appended
      nextSeq = 0;
    }
    job.segments(nextSeq, ALL, this::add);
  }

  private void add(Segment segment) {
    nextSeq = segment.seq() + 1;
    switch (segment.kind()) {
      case PUBLISHED ->
          segment
              .calls()
              .forEachRange(
                  (first, last) ->
                      map.published(CallNumber.index(first), CallNumber.index(last) + 1));
      case RESET -> segment.calls().forEach(number -> map.reset(CallNumber.index(number)));
      case OUTCOMES ->
          addOutcomes(segment.calls(), Lines.split(segment.body(), segment.calls().count()));
    }
  }

  private void addOutcomes(CallRanges calls, Lines lines) {
    int[] line = {0};
    calls.forEach(
        number -> {
          if (line[0] < lines.count()) {
            map.ended(CallNumber.index(number), end(lines.get(line[0]++)));
          }
        });
  }

  private BatchMap.End end(Payload line) {
    if (OutcomeLine.isValue(line)) {
      return BatchMap.End.SUCCEEDED;
    }
    if (!line.equals(lastLine)) { // reading one takes much longer than comparing
      lastLine = line;
      lastEnd = isCancelled(line) ? BatchMap.End.CANCELLED : BatchMap.End.FAILED;
    }
    return lastEnd;
  }

  private static boolean isCancelled(Payload line) {
    if (line.startsWith(KIND)) { // as Warren's own children write it
      return line.startsWith(CANCELLED);
    }
    try {
      return OutcomeLine.failure(line).kind() == FailureKind.CANCELLED;
    } catch (WireFormatException e) {
      return false;
    }
  }

  /** The calls that are known to run, by their index. */
  public void running(long[] indexes) {
    map.running(indexes);
  }

  /** The job when it was last read. */
  public JobRecord record() {
    return record;
  }

  /** The picture of its calls; valid until the next {@link #refresh}. */
  public BatchMap map() {
    return map;
  }

  /** The causes of its failures, most frequent first. */
  public List<CauseCount> causes() {
    return job.causes();
  }

  /** What was known of its calls besides their outcomes when it was last read. */
  public JobStatistics statistics() {
    return statistics;
  }

  /** What was done to it and by whom, newest first. */
  public List<StoredJob.AuditEntry> audit(int max) {
    return job.audit(max);
  }

  @Override
  public void close() {
    job.close();
  }
}
