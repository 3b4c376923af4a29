package dev.warren.jobs;

import dev.warren.jobs.spec.JobDefinition;
import dev.warren.jobs.spec.LineCheck;
import dev.warren.jobs.spec.LineException;
import dev.warren.jobs.spec.LineMode;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.StoredJob;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.JobHost;
import dev.warren.pool.engine.function.ArgumentWriter;
import dev.warren.pool.engine.function.FunctionReader;
import dev.warren.pool.engine.function.ReadFunction;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.PoolSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Receives one job, or finds the one that it is. Confined to one thread. */
final class Admission {
  /** How long another process, which began later, may take to submit the same job. */
  private static final Duration OTHER_UPLOAD = Duration.ofSeconds(30);

  private static final long LOOK_MS = 50;

  private final JobStore store;
  private final String pool;
  private final JobSpec spec;
  private final JobDefinition definition;
  private final JobInput input;
  private final LineCheck check;
  private long number;

  private Admission(
      JobStore store, String pool, JobSpec spec, JobDefinition definition, JobInput input) {
    this.store = store;
    this.pool = pool;
    this.spec = spec;
    this.definition = definition;
    this.input = input;
    this.check = new LineCheck(spec.items == null ? spec.lines : LineMode.JSON, spec.arity);
  }

  /** The admission of a job to an open pool. */
  static Admission to(JobHost host, JobStore store, JobSpec spec) {
    ReadFunction read =
        spec.lambda == null ? null : FunctionReader.read("function", spec.lambda, host.values());
    JobDefinition definition =
        definition(
            spec,
            read == null ? Objects.requireNonNull(spec.function) : read.ref(),
            read == null ? null : read.captured(),
            host.settings());
    return new Admission(store, host.names().pool(), spec, definition, input(host, spec, read));
  }

  /**
   * The admission of a job to a pool that is not open here: its children have no initializer.
   *
   * @throws IllegalArgumentException if the function or the input is a Java object, which only an
   *     open pool can convert
   */
  static Admission toStore(JobStore store, String pool, JobSpec spec) {
    if (spec.function == null || spec.input == null) {
      throw new IllegalArgumentException(
          "job "
              + spec.name
              + " needs an open pool: without one, the function is given by its name and the input"
              + " as lines");
    }
    JobDefinition definition = definition(spec, spec.function, null, PoolSettings.DEFAULTS);
    return new Admission(store, pool, spec, definition, spec.input);
  }

  private static JobDefinition definition(
      JobSpec spec, FunctionRef function, @Nullable Payload captured, PoolSettings settings) {
    return new JobDefinition(
        function,
        captured,
        spec.lines,
        spec.arity,
        settings,
        spec.options,
        spec.chunkSize,
        spec.output);
  }

  private static JobInput input(JobHost host, JobSpec spec, @Nullable ReadFunction read) {
    Iterator<?> items = spec.items;
    if (items == null) {
      return Objects.requireNonNull(spec.input);
    }
    int max = host.broker().maxBodyBytes();
    ArgumentWriter writer =
        read == null
            ? new ArgumentWriter(max, spec.name, host.values(), List.of(Object.class), true)
            : new ArgumentWriter(
                max, read.ref().shortName(), host.values(), read.parameters(), true);
    return () -> {
      if (!items.hasNext()) {
        return null;
      }
      Payload array = writer.line(items.next());
      return array.slice(1, array.length() - 1);
    };
  }

  /** Returns the record of the job, which can no longer be lost. */
  JobRecord admit() throws IOException {
    Optional<JobStore.Submission> repeated = repeated();
    if (repeated.isPresent()) {
      InputDigester digester = new InputDigester();
      for (Payload line = next(); line != null; line = next()) {
        digester.add(line);
      }
      return jobOf(repeated.get(), digester.digest());
    }
    while (true) {
      Optional<JobRecord> known = find();
      if (known.isPresent() && !spec.restart) {
        try (StoredJob job = store.job(known.get().id())) {
          JobRecord same = new Resubmission(job, known.get(), spec, definition).check(this::next);
          return found(same, job.digest());
        }
      }
      known.ifPresent(this::putAside);
      try (JobUpload upload = begin()) {
        if (upload != null) {
          return receive(upload);
        }
      }
    }
  }

  /** The submission that had this one's key. */
  private Optional<JobStore.Submission> repeated() {
    if (spec.key == null) {
      return Optional.empty();
    }
    Optional<JobStore.Submission> before = store.submission(pool, spec.key.text());
    if (before.isPresent() && !before.get().key().equals(spec.key)) {
      throw new KeyReusedException(spec.key.text());
    }
    return before;
  }

  /** The job of a submission with this one's key, as it is now. */
  private JobRecord jobOf(JobStore.Submission submission, InputDigest digest) {
    if (!submission.input().equals(digest.whole())) {
      throw new KeyReusedException(submission.key().text());
    }
    try (StoredJob job = store.job(submission.job())) {
      return job.record();
    }
  }

  /** Remembers that this submission's job existed. */
  private JobRecord found(JobRecord job, InputDigest digest) {
    if (spec.key != null) {
      store.remember(pool, new JobStore.Submission(spec.key, digest.whole(), job.id(), false));
    }
    return job;
  }

  private Optional<JobRecord> find() {
    return store.find(pool, spec.name);
  }

  /** Returns null if another process has just submitted a job of this name. */
  private @Nullable JobUpload begin() {
    try {
      return store.receive(new NewJob(pool, spec.name, definition.toJson(), spec.keep, spec.key));
    } catch (JobExistsException e) {
      if (find().isPresent()) {
        return null;
      }
      throw e;
    }
  }

  /** Gives an ended job the name of an older one. */
  private void putAside(JobRecord old) {
    if (!old.state().isEnded()) {
      throw new JobConflictException(
          "job "
              + old.name()
              + " is "
              + old.state().text()
              + "; cancel it before starting it over");
    }
    int number = 1;
    while (store.find(old.pool(), old.name() + "~" + number).isPresent()) {
      number++;
    }
    store.rename(old.id(), old.name() + "~" + number);
  }

  private JobRecord receive(JobUpload upload) throws IOException {
    for (Payload line = next(); line != null; line = next()) {
      upload.add(line);
    }
    CrashPoint.BEFORE_ACCEPT.reached();
    try {
      JobRecord accepted = upload.accept();
      CrashPoint.ACCEPTED.reached();
      return accepted;
    } catch (JobExistsException e) {
      Optional<JobStore.Submission> repeated = repeated();
      return repeated.isPresent()
          ? jobOf(repeated.get(), upload.digest())
          : outrunBy(submittedMeanwhile(e), upload.digest());
    }
  }

  /** Goes on with the job that another process has submitted under this name, if it is the same. */
  private JobRecord outrunBy(JobRecord other, InputDigest digest) {
    try (StoredJob job = store.job(other.id())) {
      return found(new Resubmission(job, other, spec, definition).check(digest), digest);
    }
  }

  /** Waits for the job of the upload that began after this one. */
  private JobRecord submittedMeanwhile(JobExistsException why) throws IOException {
    long deadline = TimeSource.SYSTEM.nanos() + OTHER_UPLOAD.toNanos();
    try {
      while (true) {
        Optional<JobRecord> other = find();
        if (other.isPresent()) {
          return other.get();
        }
        if (TimeSource.SYSTEM.nanos() - deadline > 0) {
          throw why; // that process may have died
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another process submits the job");
    }
  }

  private @Nullable Payload next() throws IOException {
    Payload line = input.next();
    if (line != null) {
      number++;
      try {
        check.check(line);
      } catch (LineException e) {
        throw new IllegalArgumentException("line " + number + " " + e.getMessage(), e);
      }
    }
    return line;
  }
}
