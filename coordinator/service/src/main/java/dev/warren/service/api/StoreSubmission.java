package dev.warren.service.api;

import dev.warren.jobs.Job;
import dev.warren.jobs.StoredJobs;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Submits a job to a store, described by the parameters of {@code POST /jobs}, so that both ways
 * mean the same. Stateless.
 */
public final class StoreSubmission {
  /** What RabbitMQ 4 accepts by default: the coordinator's broker is not known. */
  private static final int MAX_LINE = 16 << 20;

  private StoreSubmission() {}

  /**
   * Accepts the job, or finds the one that it is.
   *
   * @param description the parameters
   * @param lines the input, which is not closed
   * @throws dev.warren.service.http.Problem in one sentence, if a parameter or a line is wrong
   * @throws dev.warren.jobs.JobConflictException if another job has the name
   * @throws IllegalArgumentException in one sentence, if a parameter or a line is wrong
   */
  public static Job accept(StoredJobs jobs, Map<String, String> description, InputStream lines)
      throws IOException {
    Map<String, List<String>> parameters =
        description.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
    InputStream bounded =
        new BoundedLines(lines, MAX_LINE, "the most that every broker accepts by default");
    return jobs.submit(SubmitOptions.read(parameters).input(bounded).build());
  }
}
