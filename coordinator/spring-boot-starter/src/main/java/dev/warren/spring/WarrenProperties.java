package dev.warren.spring;

import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pool's settings. A misspelt name is an error.
 *
 * @param enabled whether there is a Pool bean
 * @param uri where calls run: local: for child processes of this application, or
 *     amqp://user:password@host:5672/vhost?pool=NAME for workers
 * @param name name of the pool, instead of the one in the URI
 * @param processes maximum number of concurrent calls; default: one per processor, or what the
 *     workers have
 * @param maxTasksPerChild number of calls after which a child is replaced
 * @param maxMemoryPerChild resident memory above which a child is replaced after its call, on
 *     local:
 * @param hardMaxMemoryPerChild resident memory above which a child is killed in its call, on local:
 * @param childOptions JVM options of the children, on local:
 * @param brokerTimeout how long calls wait for a broker that cannot be reached
 * @param timeLimit time after which a call is stopped and its child killed
 * @param softTimeLimit time after which a call is interrupted
 * @param expires time after which a call that has not begun is given up
 * @param maxAttempts how often a call runs at most if it throws
 * @param priority priority of the calls on a broker, 0 to 9
 * @param failFast whether the first failure ends a map
 * @param shutdownTimeout how long the end of the context waits for calls before it stops them
 * @param tracing whether calls are traced if the application has an OpenTelemetry bean
 * @param json class that supplies the JsonMapper for arguments and results
 */
@ConfigurationProperties(prefix = "warren", ignoreUnknownFields = false)
public record WarrenProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("local:") String uri,
    @Nullable String name,
    @Nullable Integer processes,
    @Nullable Integer maxTasksPerChild,
    @Nullable DataSize maxMemoryPerChild,
    @Nullable DataSize hardMaxMemoryPerChild,
    @DefaultValue List<String> childOptions,
    @Nullable Duration brokerTimeout,
    @Nullable Duration timeLimit,
    @Nullable Duration softTimeLimit,
    @Nullable Duration expires,
    @Nullable Integer maxAttempts,
    @Nullable Integer priority,
    @Nullable Boolean failFast,
    @DefaultValue("30s") Duration shutdownTimeout,
    @DefaultValue("true") boolean tracing,
    @Nullable Class<? extends Supplier<JsonMapper>> json) {

  public WarrenProperties {
    childOptions = List.copyOf(childOptions);
  }

  /** A builder with these settings. */
  Pool.Builder toBuilder() {
    Pool.Builder builder = Pool.builder().uri(uri).options(toOptions());
    if (name != null) {
      builder.name(name);
    }
    if (processes != null) {
      builder.processes(processes);
    }
    if (maxTasksPerChild != null) {
      builder.maxTasksPerChild(maxTasksPerChild);
    }
    if (maxMemoryPerChild != null) {
      builder.maxMemoryPerChild(maxMemoryPerChild.toBytes());
    }
    if (hardMaxMemoryPerChild != null) {
      builder.hardMaxMemoryPerChild(hardMaxMemoryPerChild.toBytes());
    }
    if (!childOptions.isEmpty()) {
      builder.context(ChildContext.jvm().options(childOptions.toArray(new String[0])));
    }
    if (brokerTimeout != null) {
      builder.brokerTimeout(brokerTimeout);
    }
    if (json != null) {
      builder.json(json);
    }
    return builder;
  }

  private TaskOptions toOptions() {
    TaskOptions.Builder options =
        TaskOptions.builder().timeLimit(timeLimit).softTimeLimit(softTimeLimit).expires(expires);
    if (maxAttempts != null) {
      options.maxAttempts(maxAttempts);
    }
    if (priority != null) {
      options.priority(priority);
    }
    if (failFast != null) {
      options.failFast(failFast);
    }
    return options.build();
  }
}
