/** The worker: its supervisor and the program of its children. Nothing here is for users. */
module dev.warren.worker {
  requires dev.warren.common;
  requires static com.google.errorprone.annotations;
  requires io.github.resilience4j.core;

  // headers of frames are records that Jackson reads and writes
  opens dev.warren.worker.link to
      tools.jackson.databind;

  exports dev.warren.worker to
      dev.warren.pool;
  exports dev.warren.worker.cache to
      dev.warren.pool;
  exports dev.warren.worker.meter to
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.worker.config to
      dev.warren.pool;
}
