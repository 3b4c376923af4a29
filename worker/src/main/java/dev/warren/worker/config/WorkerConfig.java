package dev.warren.worker.config;

import dev.warren.task.Bounds;
import dev.warren.task.ChildContext;
import dev.warren.worker.functions.FunctionPatterns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one worker. Immutable.
 *
 * @param id made by {@link Builder#build}, unique; in heartbeats, logs and names of children and
 *     connections
 * @param pool name of the pool it serves
 * @param processes slots: calls it runs at once, 1 to 4096
 * @param maxTasksPerChild calls after which a child is recycled, unless the pool's own settings say
 *     otherwise; 0 for never
 * @param maxMemoryPerChild resident bytes, of a child and all it has started, above which it is
 *     recycled when its call has ended; 0 for no bound
 * @param hardMaxMemoryPerChild resident bytes, counted in the same way, above which a child is
 *     killed in the middle of its call, at the latest half a second after; 0 for no bound
 * @param maxChildAge age at which a child is recycled; null for none
 * @param maxChildIdle time without a call after which a child is recycled; null for none
 * @param spares started, idle children kept ready to take over, 0 to 64
 * @param context how children are started
 * @param appPath jars and class folders whose functions may be called; null: everything on the
 *     class path may be (a {@code local:} pool)
 * @param classPath class path of JVM children besides {@code appPath}
 * @param libraryPath jars and class folders that JVM children have behind {@code appPath}; nothing
 *     in them may be called
 * @param functions patterns that narrow which functions of {@code appPath} may be called; for
 *     children in other languages all that may be; empty: all of {@code appPath}
 * @param allow patterns of further functions that may be called: {@code java.lang.Math::*}
 * @param callable how many functions of {@code appPath} may be called, to be told; -1 where nobody
 *     has counted
 * @param childEnvironment names of the variables that children inherit; null for all that {@code
 *     ChildEnvironment} does not leave out
 * @param replyTo queues to which outcomes may go besides owners' results queues and RabbitMQ's
 *     direct reply-to; {@code *} stands for any characters
 * @param grace how long a drain may take before running calls are handed back
 * @param heartbeat interval of the worker's own heartbeats, 1 s to 5 min
 * @param healthFile touched every 2 s while the worker's loop is alive; null for none
 * @param readyFile touched every 2 s while the worker takes tasks: connected to the broker and not
 *     draining; removed otherwise; null for none
 * @param strictJson whether calls' arguments are read strictly where their task does not say
 */
public record WorkerConfig(
    String id,
    String pool,
    int processes,
    int maxTasksPerChild,
    long maxMemoryPerChild,
    long hardMaxMemoryPerChild,
    @Nullable Duration maxChildAge,
    @Nullable Duration maxChildIdle,
    int spares,
    ChildContext context,
    @Nullable List<Path> appPath,
    List<Path> classPath,
    List<Path> libraryPath,
    List<String> functions,
    List<String> allow,
    int callable,
    @Nullable List<String> childEnvironment,
    List<String> replyTo,
    Duration grace,
    Duration heartbeat,
    @Nullable Path healthFile,
    @Nullable Path readyFile,
    boolean strictJson) {
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(25);
  public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(10);

  public static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);
  public static final Duration LONGEST_HEARTBEAT = Duration.ofMinutes(5);

  public WorkerConfig {
    Bounds.check("processes", processes, 1, 4096);
    Bounds.atLeast("maxTasksPerChild", maxTasksPerChild, 0);
    checkMemory("maxMemoryPerChild", maxMemoryPerChild, context);
    checkMemory("hardMaxMemoryPerChild", hardMaxMemoryPerChild, context);
    if (hardMaxMemoryPerChild > 0 && hardMaxMemoryPerChild < maxMemoryPerChild) {
      throw new IllegalArgumentException(
          "hardMaxMemoryPerChild is "
              + hardMaxMemoryPerChild
              + "; must be at least maxMemoryPerChild, "
              + maxMemoryPerChild);
    }
    Bounds.check("spares", spares, 0, 64);
    Bounds.check("grace", grace, Duration.ZERO, Duration.ofHours(24));
    Bounds.check("heartbeat", heartbeat, SHORTEST_HEARTBEAT, LONGEST_HEARTBEAT);
    appPath = appPath == null ? null : List.copyOf(appPath);
    classPath = List.copyOf(classPath);
    libraryPath = List.copyOf(libraryPath);
    functions = FunctionPatterns.of(functions).texts();
    allow = FunctionPatterns.ofAllow(allow).texts();
    childEnvironment = childEnvironment == null ? null : List.copyOf(childEnvironment);
    replyTo = List.copyOf(replyTo);
    for (String queue : replyTo) {
      if (queue.isBlank() || queue.length() > 255) {
        throw new IllegalArgumentException(
            "replyTo has '" + queue + "'; must be a queue's name of 1 to 255 characters");
      }
    }
  }

  private static void checkMemory(String name, long bytes, ChildContext context) {
    if (bytes < 0) {
      throw new IllegalArgumentException(name + " is " + bytes + "; must be at least 0");
    }
    if (bytes > 0 && context instanceof ChildContext.Threads) {
      throw new IllegalArgumentException(
          name + " is " + bytes + "; children that are threads have no memory of their own");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private String pool = "default";
    private int processes = HeapShare.defaultSlots();
    private int maxTasksPerChild;
    private long maxMemoryPerChild;
    private long hardMaxMemoryPerChild;
    private @Nullable Duration maxChildAge;
    private @Nullable Duration maxChildIdle;
    private int spares = 1;
    private ChildContext context = ChildContext.jvm();
    private @Nullable List<Path> appPath;
    private List<Path> classPath = List.of();
    private List<Path> libraryPath = List.of();
    private List<String> functions = List.of();
    private List<String> allow = List.of();
    private int callable = -1;
    private @Nullable List<String> childEnvironment;
    private List<String> replyTo = List.of();
    private Duration grace = DEFAULT_GRACE;
    private Duration heartbeat = DEFAULT_HEARTBEAT;
    private @Nullable Path healthFile;
    private @Nullable Path readyFile;
    private boolean strictJson = true;

    private Builder() {}

    public Builder pool(String name) {
      pool = name;
      return this;
    }

    public Builder processes(int slots) {
      processes = slots;
      return this;
    }

    public Builder maxTasksPerChild(int calls) {
      maxTasksPerChild = calls;
      return this;
    }

    public Builder maxMemoryPerChild(long bytes) {
      maxMemoryPerChild = bytes;
      return this;
    }

    public Builder hardMaxMemoryPerChild(long bytes) {
      hardMaxMemoryPerChild = bytes;
      return this;
    }

    public Builder maxChildAge(@Nullable Duration age) {
      maxChildAge = age;
      return this;
    }

    public Builder maxChildIdle(@Nullable Duration idle) {
      maxChildIdle = idle;
      return this;
    }

    public Builder spares(int children) {
      spares = children;
      return this;
    }

    public Builder context(ChildContext how) {
      context = how;
      return this;
    }

    public Builder appPath(@Nullable List<Path> jarsAndFolders) {
      appPath = jarsAndFolders;
      return this;
    }

    public Builder classPath(List<Path> entries) {
      classPath = entries;
      return this;
    }

    public Builder libraryPath(List<Path> jarsAndFolders) {
      libraryPath = jarsAndFolders;
      return this;
    }

    public Builder functions(List<String> patterns) {
      functions = patterns;
      return this;
    }

    public Builder callable(int count) {
      callable = count;
      return this;
    }

    public Builder childEnvironment(@Nullable List<String> names) {
      childEnvironment = names;
      return this;
    }

    public Builder allow(List<String> patterns) {
      allow = patterns;
      return this;
    }

    public Builder replyTo(List<String> queues) {
      replyTo = queues;
      return this;
    }

    public Builder grace(Duration time) {
      grace = time;
      return this;
    }

    public Builder heartbeat(Duration interval) {
      heartbeat = interval;
      return this;
    }

    public Builder healthFile(@Nullable Path file) {
      healthFile = file;
      return this;
    }

    public Builder readyFile(@Nullable Path file) {
      readyFile = file;
      return this;
    }

    public Builder strictJson(boolean strict) {
      strictJson = strict;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and its bound
     */
    public WorkerConfig build() {
      return new WorkerConfig(
          "w-" + UUID.randomUUID().toString().substring(0, 8),
          pool,
          processes,
          maxTasksPerChild,
          maxMemoryPerChild,
          hardMaxMemoryPerChild,
          maxChildAge,
          maxChildIdle,
          spares,
          context,
          appPath,
          classPath,
          libraryPath,
          functions,
          allow,
          callable,
          childEnvironment,
          replyTo,
          grace,
          heartbeat,
          healthFile,
          readyFile,
          strictJson);
    }
  }
}
