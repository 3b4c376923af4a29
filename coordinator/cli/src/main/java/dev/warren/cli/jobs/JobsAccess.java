package dev.warren.cli.jobs;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.options.CoordinatorAddress;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.jobs.timeline.CallStory;
import dev.warren.service.api.CauseView;
import dev.warren.service.api.JobView;
import dev.warren.service.api.ResultStream;
import dev.warren.task.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a pool, wherever a command finds them. Every method throws {@link CommandFailure}
 * with one sentence if there is no such job, or it cannot be done. Confined to one thread.
 */
public interface JobsAccess extends AutoCloseable {
  /** What a running job can be asked to do. */
  enum Ask {
    CANCEL,
    PAUSE,
    RESUME
  }

  /** Opens what the options select. */
  static JobsAccess open(CoordinatorOptions options) {
    return open(options, options.pool());
  }

  /**
   * Opens what the options select.
   *
   * @param pool the pool whose jobs of the store are meant
   */
  static JobsAccess open(CoordinatorOptions options, String pool) {
    CoordinatorAddress coordinator = options.coordinator();
    return coordinator == null
        ? StoreAccess.open(options.store(), pool)
        : new HttpAccess(coordinator);
  }

  /** The newest jobs, newest first, including deleted ones. */
  List<JobView> list(int max);

  JobView show(String name);

  /** The causes of failures, most frequent first. */
  List<CauseView> causes(String name);

  /**
   * Writes outcomes as {@code warren map --output} does.
   *
   * @throws IOException if they cannot be written
   */
  void results(String name, ResultStream.Wanted wanted, OutputStream out)
      throws IOException, InterruptedException;

  /**
   * What happened to a call, as the JSON of a {@link dev.warren.jobs.timeline.CallView}.
   *
   * @param more adds what workers tell; not called if a coordinator is asked, which asks them
   */
  Payload explain(String name, long index, UnaryOperator<CallStory> more);

  /** Asks the job's coordinator for something; does not wait until it is done. */
  JobView ask(String name, Ask what);

  /**
   * Runs calls without a value again.
   *
   * @param cause only those that failed with this cause; null for all
   * @param canary only the first of them
   */
  JobView retry(String name, @Nullable String cause, boolean canary);

  void delete(String name);

  /**
   * Submits a job.
   *
   * @param description by the names of the HTTP API
   * @param input a file of lines; null for standard input
   */
  JobView submit(Map<String, String> description, @Nullable Path input) throws IOException;

  @Override
  void close();
}
