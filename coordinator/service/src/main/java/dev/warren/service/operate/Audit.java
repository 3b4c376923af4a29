package dev.warren.service.operate;

import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.lifecycle.Logs;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;

/**
 * Records in the store and in the log what is done with a pool through the API, and by whom, and
 * shows it. Thread-safe.
 */
public final class Audit {
  private static final Logger log = Logs.of(Audit.class);
  private static final int DEFAULT_LIMIT = 100;

  private final JobStore store;
  private final String pool;

  /** Creates an audit of what is done with a pool. */
  public Audit(JobStore store, String pool) {
    this.store = store;
    this.pool = pool;
  }

  /** Its only route. */
  public List<Route> routes() {
    return List.of(Route.get("/audit", this::list));
  }

  private void list(Context request) {
    int limit =
        (int)
            Parameters.of(request, "limit").number("limit", DEFAULT_LIMIT, 1, JobStore.AUDIT_KEPT);
    Answers.json(request, HttpStatus.OK_200, Map.of("actions", store.actions(pool, limit)));
  }

  /**
   * Records something that was done. A store that cannot take it is a warning: what was done cannot
   * be taken back.
   *
   * @param subject what it was done with: {@code worker:ID}, {@code dead}, {@code job:NAME}
   */
  public void done(Context request, String subject, String what) {
    String who = request.ip();
    log.info("{}: {}, asked by {}", subject, what, who);
    try {
      store.note(pool, who, subject, what);
    } catch (StoreException e) {
      log.warn(
          "the audit lacks that {} asked for '{}' ({}): {}", who, what, subject, e.getMessage());
    }
  }
}
