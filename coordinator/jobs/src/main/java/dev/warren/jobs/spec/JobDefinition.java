package dev.warren.jobs.spec;

import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.PoolSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a job calls and how. Immutable; kept as JSON in the store.
 *
 * @param function the function to call
 * @param captured JSON array of captured arguments of a lambda; null for none
 * @param lines what a line of input is
 * @param arity number of arguments of each call, at least 1
 * @param settings of the children: initializer, calls per child
 * @param options of each call; not part of the job's identity
 * @param chunkSize calls per message; 0 for a size by measured call time
 * @param output where the outcomes are written; null if nowhere
 */
public record JobDefinition(
    FunctionRef function,
    @Nullable Payload captured,
    LineMode lines,
    int arity,
    PoolSettings settings,
    TaskOptions options,
    int chunkSize,
    @Nullable String output) {

  /** Returns the definition as JSON on one line. */
  public String toJson() {
    return Json.write(
            new Stored(
                function.toString(),
                function.digest(),
                captured == null ? null : captured.text(),
                lines,
                arity,
                settings.toJson().text(),
                options,
                chunkSize,
                output))
        .text();
  }

  /**
   * Reads the output of {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static JobDefinition ofJson(String json) {
    try {
      Stored stored = Json.read(Payload.of(json), Stored.class);
      return new JobDefinition(
          FunctionRef.parse(stored.function, stored.digest),
          stored.captured == null ? null : Payload.of(stored.captured),
          stored.lines,
          stored.arity,
          PoolSettings.ofJson(Payload.of(stored.settings)),
          stored.options,
          stored.chunkSize,
          stored.output);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a job's definition cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The first part of the job's identity, besides its input, in which the other definition differs;
   * null if they are the same job.
   */
  public @Nullable Difference differenceTo(JobDefinition other) {
    if (!isSameFunction(other.function)) {
      return new Difference("function", function.toString(), other.function.toString());
    }
    if (!Objects.equals(function.digest(), other.function.digest())) {
      return new Difference("build of the lambda", digest(), other.digest());
    }
    if (!Objects.equals(captured, other.captured)) {
      return new Difference("captured variables", text(captured), text(other.captured));
    }
    if (lines != other.lines) {
      return new Difference("line mode", lines.name(), other.lines.name());
    }
    if (arity != other.arity) {
      return new Difference(
          "number of arguments", Integer.toString(arity), Integer.toString(other.arity));
    }
    String mine = identity(settings);
    String theirs = identity(other.settings);
    return mine.equals(theirs) ? null : new Difference("initializer", mine, theirs);
  }

  /** A function without a signature is the same as one with any: who names it may not have it. */
  private boolean isSameFunction(FunctionRef other) {
    boolean byName = function.descriptor() == null || other.descriptor() == null;
    return byName
        ? function.shortName().equals(other.shortName())
        : function.toString().equals(other.toString());
  }

  /** What of the settings can change a value: not the number of calls per child. */
  private static String identity(PoolSettings settings) {
    return new PoolSettings(settings.initializer(), settings.initArgs(), settings.json(), 0)
        .toJson()
        .text();
  }

  private String digest() {
    return String.valueOf(function.digest());
  }

  private static String text(@Nullable Payload json) {
    return json == null ? "none" : json.text();
  }

  /**
   * A part of a job's identity in which two definitions differ.
   *
   * @param part name of the part
   * @param stored its value in the stored job
   * @param given its value now
   */
  public record Difference(String part, String stored, String given) {}

  private record Stored(
      String function,
      @Nullable String digest,
      @Nullable String captured,
      LineMode lines,
      int arity,
      String settings,
      TaskOptions options,
      int chunkSize,
      @Nullable String output) {}
}
