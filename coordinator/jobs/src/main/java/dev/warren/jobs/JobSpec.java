package dev.warren.jobs;

import dev.warren.jobs.spec.LineMode;
import dev.warren.jobs.store.NewJob;
import dev.warren.task.Bounds;
import dev.warren.task.Fn1;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.WireFormatException;
import java.io.InputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a job is to do: a function, called once per line of input. Immutable, except that its input
 * can be read only once.
 */
public final class JobSpec {
  /** How long a job is kept after its end by default. */
  public static final Duration KEEP = Duration.ofDays(7);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  final String name;
  final @Nullable FunctionRef function;
  final @Nullable Serializable lambda;
  final @Nullable Iterator<?> items;
  final @Nullable JobInput input;
  final LineMode lines;
  final int arity;
  final TaskOptions options;
  final int chunkSize;
  final Duration keep;
  final boolean append;
  final boolean restart;
  final @Nullable String output;
  final NewJob.@Nullable Key key;

  private JobSpec(Builder builder) {
    name = builder.name;
    function = builder.function;
    lambda = builder.lambda;
    items = builder.items;
    input = builder.input;
    lines = builder.lines;
    arity = builder.arity;
    options = builder.options;
    chunkSize = builder.chunkSize;
    keep = builder.keep;
    append = builder.append;
    restart = builder.restart;
    output = builder.output;
    key = builder.key;
  }

  /**
   * Begins the description of a job.
   *
   * @param name unique in its pool: 1 to 100 letters, digits, {@code .}, {@code _} or {@code -}
   * @throws IllegalArgumentException if it is something else
   */
  public static Builder named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "job name is '" + name + "'; must be 1 to 100 letters, digits, '.', '_' or '-'");
    }
    return new Builder(name);
  }

  /** The job's name. */
  public String name() {
    return name;
  }

  /** Describes a job. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private @Nullable FunctionRef function;
    private @Nullable Serializable lambda;
    private @Nullable Iterator<?> items;
    private @Nullable JobInput input;
    private LineMode lines = LineMode.JSON;
    private int arity = 1;
    private TaskOptions options = TaskOptions.DEFAULTS;
    private int chunkSize;
    private Duration keep = KEEP;
    private boolean append;
    private boolean restart;
    private @Nullable String output;
    private NewJob.@Nullable Key key;

    private Builder(String name) {
      this.name = name;
    }

    /** Calls a function of one parameter, given as a method reference or lambda. */
    public <A extends @Nullable Object> Builder function(Fn1<A, ?> fn) {
      lambda = fn;
      return this;
    }

    /**
     * Calls a function given by name, which need not exist in this program.
     *
     * @param fn {@code com.acme.Stats::score}, or with a JVM descriptor
     * @throws IllegalArgumentException if it is not of the form {@code a::b}
     */
    public Builder function(String fn) {
      try {
        function = FunctionRef.parse(fn, null);
      } catch (WireFormatException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      return this;
    }

    /** The job's name. */
    public String name() {
      return name;
    }

    /** Calls the function once per item. */
    public Builder items(Iterable<?> all) {
      items = all.iterator();
      return this;
    }

    /** Calls the function once per line of a stream, which is read by {@code submit}. */
    public Builder input(InputStream stream) {
      input = JobInput.of(stream);
      return this;
    }

    /** Calls the function once per line. */
    public Builder input(JobInput source) {
      input = source;
      return this;
    }

    /** Whether a line of input is JSON, the default, or a plain string. */
    public Builder lines(LineMode mode) {
      lines = mode;
      return this;
    }

    /** Number of arguments of each call, 1 to 4; default 1. With more, each line is an array. */
    public Builder arity(int arguments) {
      arity = Bounds.check("arity", arguments, 1, 4);
      return this;
    }

    /** Limits, attempts and budgets of each call; not part of the job's identity. */
    public Builder options(TaskOptions given) {
      options = given;
      return this;
    }

    /** Calls per message, at least 1; 0, the default, lets Warren choose. */
    public Builder chunkSize(int calls) {
      chunkSize = calls == 0 ? 0 : Bounds.atLeast("chunkSize", calls, 1);
      return this;
    }

    /** How long the job is kept after its end; default {@link #KEEP}. */
    public Builder keep(Duration time) {
      keep = time;
      return this;
    }

    /** Accepts an input that is the stored one and more behind it. */
    public Builder append(boolean allowed) {
      append = allowed;
      return this;
    }

    /** Starts over if the job exists; the old one is kept under another name. */
    public Builder restart(boolean over) {
      restart = over;
      return this;
    }

    /** Where the outcomes are written, for whoever asks; null, the default, for nowhere. */
    public Builder output(@Nullable String file) {
      output = file;
      return this;
    }

    /**
     * Lets a repeated submission be recognized for 24 hours, also by another process: it gets the
     * job of the first one and changes nothing, whatever has become of the job, unless it was
     * deleted.
     *
     * @param text unique among the submissions to the pool
     * @param request what is asked for besides the input, or a digest of it; must be the same in a
     *     repeated submission
     */
    public Builder key(String text, String request) {
      key = new NewJob.Key(text, request);
      return this;
    }

    /**
     * Returns the description.
     *
     * @throws IllegalArgumentException if the function or the input is missing
     */
    public JobSpec build() {
      if ((function == null) == (lambda == null)) {
        throw new IllegalArgumentException("job " + name + " needs a function");
      }
      if ((items == null) == (input == null)) {
        throw new IllegalArgumentException("job " + name + " needs an input: items or lines");
      }
      if (lines == LineMode.TEXT && arity > 1) {
        throw new IllegalArgumentException(
            "arity is " + arity + "; a line that is a plain string is one argument");
      }
      return new JobSpec(this);
    }
  }
}
