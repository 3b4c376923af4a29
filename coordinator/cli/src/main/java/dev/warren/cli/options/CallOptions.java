package dev.warren.cli.options;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.DurationText;
import dev.warren.task.Backoff;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that every call of a job carries: {@link TaskOptions}. */
public final class CallOptions {
  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description = "a call that runs longer is killed with its child; for example 30s")
  private @Nullable Duration timeLimit;

  @Option(
      names = "--soft-time-limit",
      paramLabel = "TIME",
      description = "a call that runs longer is interrupted; shorter than --time-limit")
  private @Nullable Duration softTimeLimit;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "start no call before this time has passed; for example 10m")
  private @Nullable Duration delay;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "a call that has not started this long after it was sent fails")
  private @Nullable Duration expires;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "total number of attempts for a call that throws; default: 1")
  private int maxAttempts = 1;

  @Option(
      names = "--backoff",
      paramLabel = "TIME[,MAX]",
      converter = BackoffText.class,
      description =
          "wait before each further attempt: 5s; or 1s,1m: doubled each time, from 1s up to 1m;"
              + " default: none")
  private Backoff backoff = Backoff.NONE;

  @Option(
      names = "--retry-on",
      paramLabel = "CLASS",
      split = ",",
      description =
          "the exceptions, with their subclasses, that get further attempts:"
              + " java.io.IOException; repeatable; default: all")
  private List<String> retryOn = new ArrayList<>();

  @Option(
      names = "--child-lost",
      paramLabel = "N",
      description = "number of deaths of its child that a call survives; default: 3")
  private int childLost = TaskOptions.DEFAULT_LOSS_BUDGET;

  @Option(
      names = "--host-lost",
      paramLabel = "N",
      description = "number of losses of its host that a call survives; default: 3")
  private int hostLost = TaskOptions.DEFAULT_LOSS_BUDGET;

  @Option(
      names = "--at-most-once",
      description = "never start a call twice: a loss of its child or host ends it")
  private boolean atMostOnce;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description =
          "0 (lowest) to 31; orders the calls of all programs from RabbitMQ 4.0 on; default: 4")
  private int priority = TaskOptions.DEFAULT_PRIORITY;

  @Option(
      names = "--window",
      paramLabel = "N",
      description =
          "maximum number of calls that are sent but not yet written to the output; default: adapts")
  private int window;

  @Option(names = "--fail-fast", description = "the first failed call cancels the others")
  private boolean failFast;

  @Option(
      names = "--strict-json",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "false: read input as leniently as Jackson does: unknown, missing or misspelt"
              + " properties and empty texts are accepted; default: the workers' setting, usually true")
  private @Nullable Boolean strictJson;

  /**
   * Returns the options.
   *
   * @throws IllegalArgumentException naming the option that is out of bounds
   */
  public TaskOptions build() {
    TaskOptions.Builder options =
        TaskOptions.builder()
            .timeLimit(timeLimit)
            .softTimeLimit(softTimeLimit)
            .delay(delay)
            .expires(expires)
            .maxAttempts(maxAttempts)
            .backoff(backoff)
            .childLost(childLost)
            .hostLost(hostLost)
            .atMostOnce(atMostOnce)
            .priority(priority)
            .window(window)
            .failFast(failFast);
    retryOn.stream().map(String::strip).forEach(name -> options.retryOn(checkedName(name)));
    if (strictJson != null) {
      options.strictJson(strictJson);
    }
    return options.build();
  }

  private static String checkedName(String name) {
    if (!name.matches("[\\p{javaJavaIdentifierPart}.]+")) {
      throw CommandFailure.usage(
          "--retry-on has '" + name + "'; must be a class name such as java.io.IOException");
    }
    return name;
  }

  /** Parses {@code 5s} and {@code 1s,1m}. */
  static final class BackoffText implements ITypeConverter<Backoff> {
    @Override
    public Backoff convert(String text) {
      String[] parts = text.split(",", -1);
      if (parts.length > 2) {
        throw new TypeConversionException("'" + text + "' must be TIME or TIME,MAX: 5s or 1s,1m");
      }
      Duration initial = DurationText.parse(parts[0]);
      try {
        return parts.length == 1
            ? Backoff.fixed(initial)
            : Backoff.exponential(initial, DurationText.parse(parts[1]));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "': " + e.getMessage());
      }
    }
  }
}
