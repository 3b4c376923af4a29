package dev.warren.service.api;

import dev.warren.jobs.Job;
import dev.warren.jobs.Retry;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import dev.warren.service.operate.Audit;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpStatus;

/** Lists, shows and changes jobs. Thread-safe. */
final class JobRoutes {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private final JobCatalogue catalogue;
  private final Audit audit;

  JobRoutes(JobCatalogue catalogue, Audit audit) {
    this.catalogue = catalogue;
    this.audit = audit;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/jobs", this::list),
        Route.get("/jobs/{name}", this::show),
        Route.get("/jobs/{name}/causes", this::causes),
        Route.post("/jobs/{name}/cancel", request -> ask(request, "cancel", Job::cancel)),
        Route.post("/jobs/{name}/pause", request -> ask(request, "pause", Job::pause)),
        Route.post("/jobs/{name}/resume", request -> ask(request, "resume", Job::resume)),
        Route.post("/jobs/{name}/retry", this::retry),
        Route.delete("/jobs/{name}", this::delete));
  }

  private void list(Context request) {
    Parameters parameters = Parameters.of(request, "limit");
    int limit = (int) parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    List<JobView> jobs = catalogue.jobs().list(limit).stream().map(JobView::of).toList();
    Answers.json(request, HttpStatus.OK_200, Map.of("jobs", jobs));
  }

  private void show(Context request) {
    Parameters.of(request);
    answer(request, HttpStatus.OK_200, catalogue.named(request));
  }

  private void causes(Context request) {
    Parameters.of(request);
    List<CauseView> causes = catalogue.named(request).causes().stream().map(CauseView::of).toList();
    Answers.json(request, HttpStatus.OK_200, Map.of("causes", causes));
  }

  /** Asks the job's coordinator for something; does not wait until it is done. */
  private void ask(Context request, String what, Consumer<Job> ask) {
    Parameters.of(request);
    Job job = catalogue.named(request);
    if (job.state().isEnded()) {
      throw Problem.conflict(
          "job " + job.name() + " is " + job.state().text() + "; there is nothing to " + what);
    }
    ask.accept(job);
    done(request, job, what);
    answer(request, HttpStatus.ACCEPTED_202, job);
  }

  private void retry(Context request) {
    Parameters parameters = Parameters.of(request, "cause", "canary");
    Job job = catalogue.named(request);
    String cause = parameters.text("cause");
    Retry which = cause == null ? Retry.ALL : Retry.of(cause);
    boolean canary = parameters.flag("canary", false);
    job.retry(canary ? which.canary() : which);
    done(
        request,
        job,
        "retry" + (canary ? " one call" : "") + (cause == null ? "" : " of cause " + cause));
    answer(request, HttpStatus.ACCEPTED_202, job);
  }

  private void delete(Context request) {
    Parameters.of(request);
    Job job = catalogue.named(request);
    catalogue.jobs().delete(job.name());
    done(request, job, "delete");
    request.status(HttpStatus.NO_CONTENT_204);
  }

  private void done(Context request, Job job, String what) {
    audit.done(request, "job:" + job.name(), what);
  }

  private static void answer(Context request, int status, Job job) {
    Answers.json(request, status, JobView.of(job.status()));
  }
}
