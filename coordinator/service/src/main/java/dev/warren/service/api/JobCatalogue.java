package dev.warren.service.api;

import dev.warren.jobs.Job;
import dev.warren.jobs.Jobs;
import dev.warren.service.http.Problem;
import io.javalin.http.Context;

/**
 * Finds the jobs that requests name. Thread-safe.
 *
 * @param pool name of the pool
 */
record JobCatalogue(Jobs jobs, String pool) {

  /**
   * The job of the request's path.
   *
   * @throws Problem if there is none
   */
  Job named(Context request) {
    String name = request.pathParam("name");
    return jobs.find(name)
        .orElseThrow(
            () -> Problem.notFound("there is no job '" + name + "' in pool '" + pool + "'"));
  }
}
