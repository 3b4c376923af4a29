package dev.warren.cli.jobs;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.spelling.Closest;
import dev.warren.jobs.Job;
import dev.warren.jobs.JobConflictException;
import dev.warren.jobs.Retry;
import dev.warren.jobs.StoredJobs;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.jobs.timeline.CallStory;
import dev.warren.jobs.timeline.CallView;
import dev.warren.json.Json;
import dev.warren.service.api.CauseView;
import dev.warren.service.api.JobView;
import dev.warren.service.api.ResultStream;
import dev.warren.service.api.StoreSubmission;
import dev.warren.service.http.Problem;
import dev.warren.task.Payload;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Jobs in a store. Whoever coordinates them does what is asked. */
final class StoreAccess implements JobsAccess {
  /** How many names are compared with one that does not exist. */
  private static final int NAMES = 1000;

  private final JobStore store;
  private final StoredJobs jobs;
  private final String pool;

  private StoreAccess(JobStore store, String pool) {
    this.store = store;
    this.jobs = new StoredJobs(store, pool);
    this.pool = pool;
  }

  static StoreAccess open(String url, String pool) {
    return attempt(() -> new StoreAccess(SqlStore.open(url), pool));
  }

  private static <T> T attempt(Supplier<T> action) {
    try {
      return action.get();
    } catch (StoreException | JobConflictException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private Job named(String name) {
    return jobs.find(name)
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "there is no job '" + name + "' in pool '" + pool + "'" + closest(name)));
  }

  private String closest(String name) {
    return Closest.hint(
        name,
        jobs.list(NAMES).stream()
            .filter(job -> job.state() != JobState.DELETED)
            .map(JobRecord::name)
            .toList());
  }

  @Override
  public List<JobView> list(int max) {
    return attempt(() -> jobs.list(max).stream().map(JobView::of).toList());
  }

  @Override
  public JobView show(String name) {
    return attempt(() -> JobView.of(named(name).status()));
  }

  @Override
  public List<CauseView> causes(String name) {
    return attempt(() -> named(name).causes().stream().map(CauseView::of).toList());
  }

  @Override
  public void results(String name, ResultStream.Wanted wanted, OutputStream out)
      throws IOException, InterruptedException {
    try (ResultStream results =
        attempt(() -> new ResultStream(store.job(named(name).id()), wanted))) {
      results.writeTo(out, () -> false);
    } catch (StoreException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Payload explain(String name, long index, UnaryOperator<CallStory> more) {
    CallStory story =
        attempt(
            () -> {
              try (StoredJob job = store.job(named(name).id())) {
                return CallStory.read(job, index)
                    .orElseThrow(() -> noCall(name, index, job.record().calls()));
              }
            });
    return Json.write(CallView.of(more.apply(story)));
  }

  private static CommandFailure noCall(String name, long index, long calls) {
    return CommandFailure.usage(
        "job " + name + " has " + calls + " calls, with indexes from 0; it has no call " + index);
  }

  @Override
  public JobView ask(String name, Ask what) {
    return attempt(
        () -> {
          Job job = named(name);
          if (job.state().isEnded()) {
            throw CommandFailure.usage(
                "job "
                    + name
                    + " is "
                    + job.state().text()
                    + "; there is nothing to "
                    + what.name().toLowerCase(Locale.ROOT));
          }
          switch (what) {
            case CANCEL -> job.cancel();
            case PAUSE -> job.pause();
            case RESUME -> job.resume();
          }
          return JobView.of(job.status());
        });
  }

  @Override
  public JobView retry(String name, @Nullable String cause, boolean canary) {
    return attempt(
        () -> {
          Job job = named(name);
          Retry which = cause == null ? Retry.ALL : Retry.of(cause);
          job.retry(canary ? which.canary() : which);
          return JobView.of(job.status());
        });
  }

  @Override
  public void delete(String name) {
    attempt(
        () -> {
          jobs.delete(named(name).name());
          return name;
        });
  }

  @Override
  public JobView submit(Map<String, String> description, @Nullable Path input) throws IOException {
    try (InputStream lines = lines(input)) {
      return JobView.of(StoreSubmission.accept(jobs, description, lines).status());
    } catch (StoreException | JobConflictException | Problem e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static InputStream lines(@Nullable Path input) {
    if (input == null) {
      return new FileInputStream(FileDescriptor.in);
    }
    try {
      return new FileInputStream(input.toFile());
    } catch (FileNotFoundException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "cannot read " + input + ": no such file, or not readable", e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
