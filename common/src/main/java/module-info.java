/**
 * What coordinators and workers share. Users of a pool need {@code dev.warren.task}; the rest is
 * for Warren's other modules.
 */
module dev.warren.common {
  requires transitive org.jspecify;
  requires transitive tools.jackson.databind;
  requires com.rabbitmq.client;
  requires static com.google.errorprone.annotations;
  requires io.github.resilience4j.core;
  requires transitive org.slf4j;

  // messages and outcomes are records that Jackson reads and writes
  opens dev.warren.task to
      tools.jackson.databind;
  opens dev.warren.wire to
      tools.jackson.databind;
  opens dev.warren.wire.control to
      tools.jackson.databind;

  exports dev.warren.task;
  exports dev.warren.trace;
  exports dev.warren.broker to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.wire to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.broker.memory to
      dev.warren.pool;
  exports dev.warren.broker.rabbit to
      dev.warren.pool;
  exports dev.warren.json to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.lifecycle to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.meter to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.wire.child to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
  exports dev.warren.wire.control to
      dev.warren.worker,
      dev.warren.pool,
      dev.warren.jobs;
}
