package dev.warren.service.api;

import dev.warren.broker.BrokerException;
import dev.warren.jobs.Job;
import dev.warren.jobs.output.OutcomeFormat;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.timeline.CallPage;
import dev.warren.jobs.timeline.CallState;
import dev.warren.jobs.timeline.CallStory;
import dev.warren.jobs.timeline.CallView;
import dev.warren.jobs.timeline.FailedCalls;
import dev.warren.json.Json;
import dev.warren.lifecycle.Printable;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Connections;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import dev.warren.service.workers.WorkerTable;
import dev.warren.task.Payload;
import dev.warren.timeline.CallTimelines;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Lists calls of a job, with what the workers last reported, and tells what happened to one of
 * them: what the journal says, and what the workers and the dead-letter queue add. Thread-safe.
 */
final class CallRoutes {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  /** Maximum bytes of an outcome in a list. */
  private static final int OUTCOME = 16 * 1024;

  private static final OutcomeFormat FORMAT = new OutcomeFormat(false);

  private final JobCatalogue catalogue;
  private final JobStore store;
  private final JobHost host;
  private final WorkerTable workers;

  CallRoutes(JobCatalogue catalogue, JobStore store, JobHost host, WorkerTable workers) {
    this.catalogue = catalogue;
    this.store = store;
    this.host = host;
    this.workers = workers;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/jobs/{name}/calls", this::list),
        Route.get("/jobs/{name}/calls/{index}", this::show));
  }

  /** A call in a list. */
  private record Call(long index, String state, String line, @Nullable Object outcome) {
    /** A call; {@code running} says what the journal does not know. */
    static Call of(CallPage.Call call, boolean running) {
      boolean queued = call.state() == CallState.QUEUED;
      return new Call(
          call.index(),
          (queued && running ? CallState.RUNNING : call.state()).text(),
          Printable.cut(call.line().text(), CallView.LINE),
          outcome(call));
    }

    private static @Nullable Object outcome(CallPage.Call call) {
      Payload outcome = call.outcome();
      if (outcome == null) {
        return null;
      }
      return outcome.length() > OUTCOME
          ? Map.of("index", call.index(), "omittedBytes", outcome.length())
          : Json.raw(FORMAT.object(call.index(), outcome));
    }
  }

  private void list(Context request) {
    Parameters parameters = Parameters.of(request, "from", "limit", "only");
    boolean failed = parameters.onlyFailed();
    long from = parameters.number("from", 0, 0, Long.MAX_VALUE);
    int limit = (int) parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Job named = catalogue.named(request);
    try (StoredJob job = store.job(named.id())) {
      List<CallPage.Call> calls =
          failed
              ? FailedCalls.read(job, from, limit, () -> Connections.isGone(request))
              : CallPage.read(job, from, limit);
      int round = job.record().round();
      Set<Long> running = workers.running(job.id());
      List<Call> shown =
          calls.stream()
              .map(call -> Call.of(call, running.contains(CallNumber.of(round, call.index()))))
              .toList();
      Answers.json(request, HttpStatus.OK_200, Map.of("calls", shown));
    }
  }

  private void show(Context request) throws InterruptedException {
    Parameters.of(request);
    Job named = catalogue.named(request);
    CallStory story = read(named, request.pathParam("index"));
    Answers.json(request, HttpStatus.OK_200, CallView.of(asked(story)));
  }

  private CallStory read(Job named, String index) {
    try (StoredJob job = store.job(named.id())) {
      return CallStory.read(job, Long.parseLong(index))
          .orElseThrow(
              () ->
                  Problem.notFound(
                      "job "
                          + named.name()
                          + " has "
                          + job.record().calls()
                          + " calls, with indexes from 0; it has no call "
                          + index));
    } catch (NumberFormatException e) {
      throw new Problem(
          HttpStatus.BAD_REQUEST_400,
          "the call is '" + index + "'; must be its index, a whole number from 0",
          e);
    }
  }

  /** Adds what the workers tell; without a broker the journal alone is told. */
  private CallStory asked(CallStory story) throws InterruptedException {
    try {
      return new CallTimelines(host.broker(), host.names(), TimeSource.SYSTEM)
          .ask(story.question(), CallTimelines.USUAL_LIMIT)
          .map(story::with)
          .orElse(story);
    } catch (BrokerException e) {
      return story.with("The workers could not be asked: " + e.getMessage() + ".");
    }
  }
}
