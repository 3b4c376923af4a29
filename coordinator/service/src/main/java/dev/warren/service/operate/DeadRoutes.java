package dev.warren.service.operate;

import dev.warren.broker.BrokerException;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.dead.DeadQueue;
import dev.warren.dead.Redrive;
import dev.warren.json.Json;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import dev.warren.task.Payload;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.core.JacksonException;

/**
 * Lists, redrives and drops dead letters, one request after another. A pool in this process has
 * none. Thread-safe.
 */
public final class DeadRoutes {
  private static final Logger log = Logs.of(DeadRoutes.class);
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_IDS = 1_000;
  private static final int MAX_BODY = 1 << 20;
  private static final long WAIT_SECONDS = 10;

  private final JobHost host;
  private final Audit audit;
  private final Semaphore turn = new Semaphore(1);

  public DeadRoutes(JobHost host, Audit audit) {
    this.host = host;
    this.audit = audit;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.get("/dead", this::list),
        Route.post("/dead/redrive", this::redrive),
        Route.post("/dead/drop", this::drop));
  }

  /** Something that is done with the queue while nobody else does anything with it. */
  @FunctionalInterface
  private interface Work {
    Map<String, Object> with(DeadQueue queue) throws InterruptedException;
  }

  private void inTurn(Context request, Map<String, Object> none, Work work)
      throws InterruptedException {
    if (!(host.broker() instanceof RabbitBroker broker)) {
      Answers.json(request, HttpStatus.OK_200, none);
      return;
    }
    if (!turn.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw Problem.unavailable("another request reads the dead letters; try again");
    }
    try (DeadQueue queue =
        DeadQueue.of(
            broker,
            host.names(),
            host.codecs().tasks(),
            line -> log.info("dead letters: {}", line))) {
      Answers.json(request, HttpStatus.OK_200, work.with(queue));
    } catch (BrokerException e) {
      throw new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, String.valueOf(e.getMessage()), e);
    } finally {
      turn.release();
    }
  }

  private void list(Context request) throws InterruptedException {
    int limit = (int) Parameters.of(request, "limit").number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    inTurn(
        request,
        Map.of("count", 0, "letters", List.of()),
        queue -> {
          List<DeadLetterView> letters = new ArrayList<>();
          long count =
              queue.browse(
                  (letter, remove) -> {
                    letters.add(DeadLetterView.of(letter, queue.codec()));
                    return letters.size() < limit;
                  });
          return Map.of("count", count, "letters", letters);
        });
  }

  /** Which dead letters are meant: those with these ids, or all. */
  private record Selection(@Nullable Set<String> ids, @Nullable Boolean all) {
    boolean matches(String id) {
      return Boolean.TRUE.equals(all) || (ids != null && ids.contains(id));
    }
  }

  private static Selection selection(Context request) throws IOException {
    Parameters.of(request);
    byte[] body = request.bodyInputStream().readNBytes(MAX_BODY);
    Selection selection;
    try {
      selection = Json.read(Payload.of(body), Selection.class);
    } catch (JacksonException e) {
      throw new Problem(
          HttpStatus.BAD_REQUEST_400, "the body must be {\"ids\":[\"…\"]} or {\"all\":true}", e);
    }
    Set<String> ids = selection == null || selection.ids == null ? Set.of() : selection.ids;
    boolean all = selection != null && Boolean.TRUE.equals(selection.all);
    if (ids.isEmpty() == !all || ids.size() > MAX_IDS) {
      throw Problem.badRequest(
          "the body must have 1 to " + MAX_IDS + " ids, or \"all\": true, and not both");
    }
    return new Selection(new HashSet<>(ids), all);
  }

  private void redrive(Context request) throws IOException, InterruptedException {
    Selection wanted = selection(request);
    inTurn(
        request,
        Map.of("redriven", 0),
        queue -> {
          queue.broker().declare(queue.names().topology());
          Redrive redrive = new Redrive(queue, false, false);
          Map<Redrive.Result, Long> counts = new EnumMap<>(Redrive.Result.class);
          try {
            queue.browse(
                (letter, remove) -> {
                  if (wanted.matches(letter.id())) {
                    counts.merge(redrive.send(letter, remove), 1L, Long::sum);
                    redrive.await(0);
                  }
                  return true;
                },
                () -> redrive.await(0));
          } finally {
            record(request, "redrive", redrive.redriven());
          }
          Map<String, Object> done = new LinkedHashMap<>();
          done.put("redriven", redrive.redriven());
          done.put("noTask", counts.getOrDefault(Redrive.Result.NO_TASK, 0L));
          done.put("atMostOnce", counts.getOrDefault(Redrive.Result.AT_MOST_ONCE, 0L));
          return done;
        });
  }

  private void drop(Context request) throws IOException, InterruptedException {
    Selection wanted = selection(request);
    inTurn(
        request,
        Map.of("dropped", 0),
        queue -> {
          long[] dropped = {0};
          try {
            queue.browse(
                (letter, remove) -> {
                  if (wanted.matches(letter.id())) {
                    remove.run();
                    dropped[0]++;
                  }
                  return true;
                });
          } finally {
            record(request, "drop", dropped[0]);
          }
          return Map.of("dropped", dropped[0]);
        });
  }

  /** Also of what was done before something failed. */
  private void record(Context request, String what, long letters) {
    if (letters > 0) {
      audit.done(
          request,
          "dead",
          what + " " + letters + (letters == 1 ? " dead letter" : " dead letters"));
    }
  }
}
