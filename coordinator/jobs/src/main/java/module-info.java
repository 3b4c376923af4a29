/** Jobs that outlive their coordinator: {@code dev.warren.jobs} is the API. */
module dev.warren.jobs {
  requires transitive dev.warren.pool;
  requires dev.warren.common;
  requires java.sql;
  requires static com.google.errorprone.annotations;

  exports dev.warren.jobs;
  exports dev.warren.jobs.meter;
  exports dev.warren.jobs.output;
  exports dev.warren.jobs.spec;
  exports dev.warren.jobs.store;
  exports dev.warren.jobs.store.sql;
  exports dev.warren.jobs.timeline;
}
