package dev.warren.jobs.store;

import dev.warren.json.Lines;
import dev.warren.wire.CallRanges;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One job in a store. Thread-safe. Every method blocks until the database has answered.
 *
 * <p>For maintainers: ownership is (owner, epoch, lease). Whoever acquires the job gets a new
 * epoch, and every write names its epoch, so a coordinator that was stopped for a while cannot
 * write after another one has taken over.
 */
public interface StoredJob extends AutoCloseable {
  String id();

  /** Reads the job's record. */
  JobRecord record();

  /** The digests of the input. */
  InputDigest digest();

  // ---- ownership

  /**
   * Becomes the job's owner if nobody is, or the owner's lease has run out.
   *
   * @return the new epoch; empty if somebody else's lease is valid
   */
  OptionalLong tryAcquire(String owner, Duration lease);

  /** Extends the lease; returns false if somebody else owns the job now. */
  boolean renew(long epoch, Duration lease);

  /** Gives the job up, so that another coordinator need not wait for the end of the lease. */
  void release(long epoch);

  // ---- writing

  /**
   * Writes everything or nothing, and returns when it can no longer be lost. After a {@link
   * StoreException} the same object may be committed again: it is written at most once, even if the
   * connection was lost when the database had written it.
   *
   * @throws SupersededException if somebody else owns the job now
   */
  void commit(long epoch, Commit commit) throws SupersededException;

  /**
   * Asks the job's coordinator, whoever it is; the last request counts. Nothing happens if the job
   * has ended.
   */
  void request(JobRequest request, String who);

  /** Receives more input behind the job's; on acceptance the epoch must still be valid. */
  JobUpload append(long epoch);

  // ---- reading

  /** Returns {@code count} lines of input from line {@code first}, from 0. */
  Lines input(long first, int count);

  /** Gives the segments of these kinds, in order, from this position on. */
  void segments(long fromSeq, Set<Segment.Kind> kinds, Consumer<Segment> visitor);

  /** Gives the calls of all segments from this position on, in order, without the bodies. */
  void calls(long fromSeq, CallsVisitor visitor);

  /** Receives the calls of segments. */
  @FunctionalInterface
  interface CallsVisitor {
    void segment(long seq, Segment.Kind kind, CallRanges calls);
  }

  /**
   * Gives the outcome segments that may have calls of the lines {@code first} to {@code last}, in
   * order.
   */
  void outcomes(long first, long last, Consumer<Segment> visitor);

  /**
   * Gives the segments that may have calls of the lines {@code first} to {@code last}, in order,
   * and when they were written.
   */
  void history(long first, long last, HistoryVisitor visitor);

  /** Receives segments. */
  @FunctionalInterface
  interface HistoryVisitor {
    /**
     * Receives a segment.
     *
     * @param atMillis when it was written, by the database's clock; 0 if unknown
     */
    void segment(Segment segment, long atMillis);
  }

  /** The causes of failures, most frequent first. */
  List<CauseCount> causes();

  /** What is known of its calls besides their outcomes; it may be some seconds old. */
  JobStatistics statistics();

  /**
   * Something that was done to the job.
   *
   * @param who who asked for it
   */
  record AuditEntry(Instant at, String who, String what) {}

  /** What was done to the job and by whom, newest first. */
  List<AuditEntry> audit(int max);

  @Override
  void close();
}
