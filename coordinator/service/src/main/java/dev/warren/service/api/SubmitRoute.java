package dev.warren.service.api;

import dev.warren.jobs.Job;
import dev.warren.jobs.JobSpec;
import dev.warren.jobs.store.JobStore;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import dev.warren.service.http.UploadStream;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Receives jobs: the description is in the parameters, the body is the input and goes line by line
 * into the store. Thread-safe.
 */
final class SubmitRoute {
  /** Maximum number of jobs that are received at once. */
  private static final int UPLOADS = 16;

  private final JobCatalogue catalogue;
  private final JobStore store;
  private final JobHost host;
  private final long maxInputBytes;
  private final IdempotencyKeys keys = new IdempotencyKeys();
  private final Semaphore uploads = new Semaphore(UPLOADS);

  SubmitRoute(JobCatalogue catalogue, JobStore store, JobHost host, long maxInputBytes) {
    this.catalogue = catalogue;
    this.store = store;
    this.host = host;
    this.maxInputBytes = maxInputBytes;
  }

  List<Route> routes() {
    return List.of(Route.post("/jobs", this::submit));
  }

  private void submit(Context request) throws IOException {
    JobSpec.Builder spec = SubmitOptions.read(request.queryParamMap());
    checkBody(request);
    if (!uploads.tryAcquire()) {
      request.header("Retry-After", "5");
      throw Problem.unavailable(UPLOADS + " jobs are being received; try again");
    }
    try {
      receive(request, spec);
    } finally {
      uploads.release();
    }
  }

  private void checkBody(Context request) {
    String encoding = request.header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Problem(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "the input is encoded as " + encoding + "; send it as it is");
    }
    if (request.isMultipart()) {
      throw new Problem(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "the input is sent as a form; send the lines themselves, as curl --data-binary @FILE"
              + " does");
    }
    long length = request.req().getContentLengthLong();
    if (length > maxInputBytes) {
      throw new Problem(
          HttpStatus.PAYLOAD_TOO_LARGE_413,
          "the input has " + length + " bytes; the limit is " + maxInputBytes);
    }
  }

  private void receive(Context request, JobSpec.Builder spec) throws IOException {
    String key = request.header("Idempotency-Key");
    keys.begin(key);
    try {
      if (key != null) {
        spec.key(key, IdempotencyKeys.digest(request.queryParamMap()));
      }
      String old = catalogue.jobs().find(spec.name()).map(Job::id).orElse("");
      Job job = catalogue.jobs().submit(spec.input(body(request)).build());
      boolean isNew = key == null ? !job.id().equals(old) : hasCreated(key);
      answer(request, job, isNew ? HttpStatus.CREATED_201 : HttpStatus.OK_200);
    } finally {
      keys.end(key);
    }
  }

  /** Whether the first submission with this key has created its job. */
  private boolean hasCreated(String key) {
    return store
        .submission(host.names().pool(), key)
        .map(JobStore.Submission::created)
        .orElse(false);
  }

  private BoundedLines body(Context request) {
    return new BoundedLines(
        new UploadStream(request.bodyInputStream(), maxInputBytes),
        host.broker().maxBodyBytes(),
        "which the broker does not accept");
  }

  private static void answer(Context request, Job job, int status) {
    if (status == HttpStatus.CREATED_201) {
      request.header("Location", request.path() + "/" + job.name());
    }
    Answers.json(request, status, JobView.of(job.status()));
  }
}
