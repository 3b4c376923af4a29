package dev.warren.pool;

import dev.warren.task.ChildContext;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** A pool of child processes, here or on many hosts. */
public final class Pool implements AutoCloseable {
  /** Time between the interrupt of a cancelled running call and the end of its child. */
  public static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

  private Pool() {}

  /** Opens {@code local:} with one child per available processor. */
  public static Pool open() {
    return builder().open();
  }

  /** Opens {@code local:} or {@code amqp(s)://user:pw@host:port/vhost?pool=NAME}. */
  public static Pool open(String uri) {
    return builder().uri(uri).open();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A view of this pool whose calls carry these options. */
  public Pool with(TaskOptions options) {
    return this;
  }

  /**
   * Calls a function by name with arguments that are JSON already, lazily: no more than a window of
   * the input is read ahead of what was taken.
   *
   * @param function what to call; without a descriptor its name and the number of arguments decide
   * @param arguments one JSON array per call, on one line; read on a thread of the pool
   * @param ordered whether outcomes come in the order of the input, or as the calls end
   * @param chunkSize calls per message; 0 lets it follow measured call time
   */
  public JsonOutcomes json(
      FunctionRef function, Iterator<Payload> arguments, boolean ordered, int chunkSize) {
    if (!function.methodName().isEmpty()) {
      throw new UnsupportedOperationException("the engine is not landed yet");
    }
    throw new IllegalArgumentException("function has no name");
  }

  /** Most calls of this pool that run at once; 0 while no worker has been heard of. */
  public int processes() {
    return 0;
  }

  public String name() {
    return "";
  }

  public State state() {
    return State.RUNNING;
  }

  /** No more submissions; does not wait. */
  public void shutdown() {}

  /** Stops now; every unfinished future ends with PoolTerminatedException. Does not wait. */
  public void terminate() {}

  /** Waits after shutdown or terminate. */
  public void join() {}

  /** Waits no longer than that; says whether all has ended. */
  public boolean join(Duration limit) {
    return true;
  }

  /** Shutdown, waits until all submitted work has ended, releases. */
  @Override
  public void close() {}

  /** What a pool is doing. */
  public enum State {
    /** Takes calls. */
    RUNNING,
    /** Takes no more calls; what was submitted goes on. */
    SHUTDOWN,
    /** Stopped; nothing goes on. */
    TERMINATED
  }

  /** Collects a pool's settings. Not thread-safe. */
  public static final class Builder {
    private Builder() {}

    public Builder uri(String where) {
      return this;
    }

    public Builder name(String poolName) {
      return this;
    }

    public Builder processes(int calls) {
      return this;
    }

    public Builder maxTasksPerChild(int calls) {
      return this;
    }

    public Builder context(ChildContext how) {
      return this;
    }

    /**
     * Further jars and class folders for the children of a {@code local:} pool, behind this
     * process's own class path; of no effect over a broker, where each worker has its own.
     */
    public Builder classPath(List<Path> entries) {
      return this;
    }

    public Builder options(TaskOptions defaults) {
      return this;
    }

    public Builder listener(PoolListener hears) {
      return this;
    }

    public Pool open() {
      return new Pool();
    }
  }
}
