package dev.warren.jobs;

import dev.warren.jobs.run.Coordinator;
import dev.warren.jobs.spec.JobDefinition;
import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Compares a job that is submitted with the stored job of its name, and appends the new part of its
 * input if that is wanted. Confined to one thread.
 */
final class Resubmission {
  private final StoredJob job;
  private final JobRecord record;
  private final JobSpec spec;
  private final JobDefinition definition;
  private final InputDigest stored;
  private final InputDigester digester;
  // the lines of the current block, to find the one that differs
  private final List<Payload> block = new ArrayList<>();

  Resubmission(StoredJob job, JobRecord record, JobSpec spec, JobDefinition definition) {
    this.job = job;
    this.record = record;
    this.spec = spec;
    this.definition = definition;
    this.stored = job.digest();
    this.digester = InputDigester.comparing(stored);
  }

  /**
   * Reads the input and returns the job's record.
   *
   * @throws JobConflictException if it is another job, or has more input and must not have
   */
  JobRecord check(JobInput input) throws IOException {
    checkDefinition();
    while (digester.lines() < stored.lines()) {
      Payload line = input.next();
      if (line == null) {
        throw conflict(
            "the input has " + digester.lines() + " lines, the job's has " + stored.lines());
      }
      compare(line);
    }
    Payload more = input.next();
    if (more == null) {
      return record;
    }
    if (!spec.append) {
      throw conflict(
          "the input has more than the job's " + stored.lines() + " lines (--append adds them)");
    }
    return append(more, input);
  }

  /**
   * Returns the job's record, if this is the digest of its input.
   *
   * @throws JobConflictException if it is another job
   */
  JobRecord check(InputDigest input) {
    checkDefinition();
    if (input.lines() != stored.lines()) {
      throw conflict("the input has " + input.lines() + " lines, the job's has " + stored.lines());
    }
    if (!input.equals(stored)) {
      throw conflict("the input differs");
    }
    return record;
  }

  private void checkDefinition() {
    JobDefinition.Difference difference =
        JobDefinition.ofJson(record.definition()).differenceTo(definition);
    if (difference != null) {
      throw conflict(
          difference.part()
              + " is "
              + difference.given()
              + ", the job's is "
              + difference.stored());
    }
  }

  private void compare(Payload line) {
    block.add(line);
    digester.add(line);
    OptionalLong different = digester.differentBlock();
    if (different.isPresent()) {
      long number = firstDifferentLine(different.getAsLong() * InputDigest.BLOCK);
      throw conflict("line " + number + " of the input differs");
    }
    if (digester.lines() % InputDigest.BLOCK == 0) {
      block.clear();
    }
  }

  /** Number, from 1, of the first line that differs, in a block that starts at this index. */
  private long firstDifferentLine(long start) {
    Lines lines = job.input(start, block.size());
    for (int i = 0; i < block.size(); i++) {
      if (!lines.get(i).equals(block.get(i))) {
        return start + i + 1;
      }
    }
    throw new IllegalStateException("the digests of equal lines differ, from line " + start);
  }

  private JobRecord append(Payload first, JobInput input) throws IOException {
    if (record.round() > 0 && !record.state().isEnded()) {
      throw busy("is being retried");
    }
    OptionalLong epoch = job.tryAcquire("append", Coordinator.LEASE);
    if (epoch.isEmpty()) {
      throw busy("is run by another coordinator");
    }
    try (JobUpload upload = job.append(epoch.getAsLong())) {
      @Nullable Payload line = first;
      while (line != null) {
        upload.add(line);
        line = input.next();
      }
      JobRecord longer = upload.accept();
      if (record.state().isEnded()) {
        Retrying.startNew(job, longer, record.calls(), epoch.getAsLong());
      }
    } finally {
      job.release(epoch.getAsLong());
    }
    return job.record();
  }

  private JobConflictException busy(String why) {
    return new JobConflictException(
        "job " + record.name() + " " + why + "; append to it when it has ended");
  }

  private JobConflictException conflict(String why) {
    return new JobConflictException(
        "job "
            + record.name()
            + " exists and is another one: "
            + why
            + "; choose another name, or start over with --restart");
  }
}
