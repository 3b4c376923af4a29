/** The pool: {@code dev.warren.pool} is the API, with the types of {@code dev.warren.task}. */
module dev.warren.pool {
  requires transitive dev.warren.common;
  requires java.management;
  requires dev.warren.worker;
  requires static micrometer.core;
  requires static io.opentelemetry.api;
  requires static io.opentelemetry.context;
  requires static com.google.errorprone.annotations;

  exports dev.warren.metrics;
  exports dev.warren.tracing;
  exports dev.warren.pool;
  exports dev.warren.pool.engine to
      dev.warren.jobs;
  exports dev.warren.pool.engine.meter to
      dev.warren.jobs;
  exports dev.warren.pool.engine.function to
      dev.warren.jobs;
  exports dev.warren.pool.engine.pending to
      dev.warren.jobs;
  exports dev.warren.pool.engine.trace to
      dev.warren.jobs;
  exports dev.warren.pool.engine.submit to
      dev.warren.jobs;
  exports dev.warren.timeline to
      dev.warren.jobs;
}
