package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs and commits for tests of the store. */
public final class StoreSamples {
  static final String POOL = "pool";
  static final Duration LEASE = Duration.ofMinutes(5);
  static final Duration KEEP = Duration.ofDays(7);

  private StoreSamples() {}

  static NewJob newJob(String name) {
    return new NewJob(POOL, name, "{\"function\":\"a.B::c\"}", KEEP);
  }

  /** Submits a job whose lines are those of {@link #line}. */
  public static JobRecord submit(JobStore store, String name, int lines) {
    try (JobUpload upload = store.receive(newJob(name))) {
      addLines(upload, 0, lines);
      return upload.accept();
    }
  }

  static void addLines(JobUpload upload, int from, int to) {
    for (int i = from; i < to; i++) {
      upload.add(line(i));
    }
  }

  static Payload line(long number) {
    return Payload.of("{\"number\":" + number + ",\"text\":\"line " + number + "\"}");
  }

  static Commit commit(Segment... segments) {
    return new Commit(List.of(segments), -1, JobCounts.ZERO, List.of(), null);
  }

  static Commit counting(JobCounts added, Segment... segments) {
    return new Commit(List.of(segments), -1, added, List.of(), null);
  }

  static Commit changing(JobState state, int round) {
    return changing(new Commit.Change(state, round, "test"));
  }

  static Commit changing(Commit.@Nullable Change change) {
    return new Commit(List.of(), -1, JobCounts.ZERO, List.of(), change);
  }

  static Commit causing(List<CauseCount> causes) {
    return new Commit(List.of(), -1, JobCounts.ZERO, causes, null);
  }

  static CauseCount cause(String fingerprint, long calls, long firstCall, long atMillis) {
    Instant at = Instant.ofEpochMilli(atMillis);
    return new CauseCount(
        fingerprint, "error", "title of " + fingerprint, calls, firstCall, at, at);
  }

  /** Outcomes of calls with successive numbers. */
  static Segment outcomes(long first, int count) {
    Lines.Builder lines = new Lines.Builder(count * 20, count);
    for (int i = 0; i < count; i++) {
      lines.add(Payload.of("{\"value\":" + (first + i) + "}"));
    }
    return new Segment(
        0, Segment.Kind.OUTCOMES, CallRanges.of(first, count), lines.build().run(0, count));
  }

  static List<Segment> allSegments(StoredJob job) {
    List<Segment> segments = new ArrayList<>();
    job.segments(0, EnumSet.allOf(Segment.Kind.class), segments::add);
    return segments;
  }

  static long acquire(StoredJob job) {
    return job.tryAcquire("owner", LEASE).orElseThrow();
  }

  static void end(StoredJob job, JobState state) throws Exception {
    long epoch = acquire(job);
    job.commit(epoch, changing(state, 0));
    job.release(epoch);
  }
}
