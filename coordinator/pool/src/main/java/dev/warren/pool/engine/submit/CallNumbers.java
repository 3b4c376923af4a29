package dev.warren.pool.engine.submit;

import dev.warren.cluster.OwnerIdentity;
import java.util.concurrent.atomic.AtomicLong;

/** Assigns the numbers of an owner's calls and jobs, from 1, and their ids. Thread-safe. */
final class CallNumbers {
  private final OwnerIdentity owner;
  private final AtomicLong nextCall = new AtomicLong(1);
  private final AtomicLong nextJob = new AtomicLong(1);

  CallNumbers(OwnerIdentity owner) {
    this.owner = owner;
  }

  /** Assigns {@code count} consecutive numbers to calls; returns the first. */
  long next(int count) {
    return nextCall.getAndAdd(count);
  }

  /** Whether a call has this number. */
  boolean isAssigned(long number) {
    return number > 0 && number < nextCall.get();
  }

  /** Assigns the id of a job with an input. */
  String newJob() {
    return owner.jobId(nextJob.getAndIncrement());
  }

  /** The job id of calls that are submitted one by one: the id of their task. */
  String jobOfTask(long first) {
    return owner.taskId(first);
  }
}
