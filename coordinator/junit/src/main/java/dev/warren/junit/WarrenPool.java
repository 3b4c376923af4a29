package dev.warren.junit;

import dev.warren.pool.Pool;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Opens a {@link Pool} for each test and closes it afterwards. The test receives it as a parameter,
 * or in a field with this annotation; a parameter of type {@link PoolFaults} injects faults into
 * the same pool.
 *
 * <p>On a class it applies to all tests, on a method or parameter to one. Pool and faults of one
 * test belong together; the annotation closest to the test decides (parameter, then method, field,
 * class).
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WarrenPoolExtension.class)
public @interface WarrenPool {
  /** What runs the calls. */
  enum Children {
    /** Processes, as in production; they can be killed. */
    PROCESSES,
    /** Threads of the test's own JVM: start at once, share its static fields, can be debugged. */
    THREADS
  }

  /** What carries the calls. */
  enum Broker {
    /** None: the pool is {@code local:}. */
    NONE,
    /**
     * A private RabbitMQ server, with a worker in the test's JVM. RabbitMQ must be installed. One
     * server is shared by all tests of a JVM.
     */
    RABBITMQ
  }

  /** Maximum number of concurrent calls, at least 1. */
  int processes() default 2;

  /** Number of calls after which a child is replaced; 0 for never. */
  int maxTasksPerChild() default 0;

  /** What runs the calls. */
  Children children() default Children.PROCESSES;

  /** What carries the calls. */
  Broker broker() default Broker.NONE;
}
