package dev.warren.service.http;

import dev.warren.broker.BrokerException;
import dev.warren.jobs.JobConflictException;
import dev.warren.jobs.KeyReusedException;
import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.StoreException;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.BrokerUnavailableException;
import dev.warren.wire.SecretIds;
import java.io.IOException;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;

/** Converts what went wrong to a problem. Stateless. */
public final class Failures {
  private static final Logger log = Logs.of(Failures.class);

  private Failures() {}

  public static Problem problem(Exception failure) {
    if (failure instanceof Problem known) {
      return known;
    }
    String sentence = String.valueOf(failure.getMessage());
    if (failure instanceof KeyReusedException) {
      return new Problem(HttpStatus.UNPROCESSABLE_ENTITY_422, sentence, failure);
    }
    if (failure instanceof JobConflictException || failure instanceof JobExistsException) {
      return new Problem(HttpStatus.CONFLICT_409, sentence, failure);
    }
    if (failure instanceof StoreException) {
      return new Problem(storeStatus(failure), sentence, failure);
    }
    if (failure instanceof BrokerException || failure instanceof BrokerUnavailableException) {
      return new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, sentence, failure);
    }
    if (failure instanceof IllegalArgumentException && failure.getMessage() != null) {
      return new Problem(HttpStatus.BAD_REQUEST_400, sentence, failure);
    }
    if (failure instanceof IOException) {
      log.debug("a request was broken off", failure);
      return new Problem(HttpStatus.BAD_REQUEST_400, "the request was broken off", failure);
    }
    String id = SecretIds.random();
    log.error("a request failed; its answer names this line by {}", id, failure);
    return new Problem(
        HttpStatus.INTERNAL_SERVER_ERROR_500,
        "the coordinator has failed; its log says more, see " + id,
        failure);
  }

  /** 507 if the disk or the database is full. */
  private static int storeStatus(Exception failure) {
    return String.valueOf(failure.getMessage()).contains("disk is full")
        ? HttpStatus.INSUFFICIENT_STORAGE_507
        : HttpStatus.SERVICE_UNAVAILABLE_503;
  }
}
