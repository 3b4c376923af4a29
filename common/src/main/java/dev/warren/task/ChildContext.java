package dev.warren.task;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How child processes are started. Immutable. With a broker this is a setting of the worker, never
 * of the pool: each host decides what runs on it.
 */
public sealed interface ChildContext {

  /** A JVM per child, with the supervisor's own java, environment and working directory. */
  static Jvm jvm() {
    return new Jvm(null, List.of(), Map.of(), null);
  }

  /** Any program that implements docs/child-protocol.md. */
  static Command command(String... argv) {
    return new Command(List.of(argv), Map.of(), null, List.of());
  }

  /**
   * Threads of the supervisor's own process, for I/O-bound calls and tests. Calls are not isolated,
   * a hard time limit can only interrupt them, and memory is not monitored.
   */
  static Threads threads() {
    return new Threads();
  }

  /**
   * A JVM.
   *
   * @param javaHome JDK or JRE whose {@code bin/java} to run; null for the supervisor's own
   * @param options JVM options such as {@code -Xmx256m}, added after Warren's own
   * @param environment variables added to those that children inherit: the supervisor's environment
   *     without Warren's settings, JVM options and the broker's credentials
   * @param workingDirectory null for the supervisor's
   */
  record Jvm(
      @Nullable Path javaHome,
      List<String> options,
      Map<String, String> environment,
      @Nullable Path workingDirectory)
      implements ChildContext {
    public Jvm {
      options = List.copyOf(options);
      environment = Map.copyOf(environment);
    }

    /** Returns a copy with another Java; its folder must contain {@code bin/java}. */
    public Jvm javaHome(Path home) {
      return new Jvm(home, options, environment, workingDirectory);
    }

    /** Returns a copy with these JVM options instead of the present ones. */
    public Jvm options(String... jvmOptions) {
      return new Jvm(javaHome, List.of(jvmOptions), environment, workingDirectory);
    }

    /** Returns a copy with another environment variable added. */
    public Jvm environment(String name, String value) {
      return new Jvm(javaHome, options, with(environment, name, value), workingDirectory);
    }

    /** Returns a copy with another working directory, which must exist. */
    public Jvm workingDirectory(Path directory) {
      return new Jvm(javaHome, options, environment, directory);
    }
  }

  /**
   * A program.
   *
   * @param argv program and arguments; at least the program
   * @param environment variables added to those that children inherit: the supervisor's environment
   *     without Warren's settings, JVM options and the broker's credentials
   * @param workingDirectory null for the supervisor's
   * @param functions patterns of the functions that may be called, {@code stats::*}; empty: any
   *     function that the pool calls
   */
  record Command(
      List<String> argv,
      Map<String, String> environment,
      @Nullable Path workingDirectory,
      List<String> functions)
      implements ChildContext {
    public Command {
      argv = List.copyOf(argv);
      environment = Map.copyOf(environment);
      functions = List.copyOf(functions);
      if (argv.isEmpty()) {
        throw new IllegalArgumentException("argv is empty; it must name a program");
      }
    }

    /** Returns a copy with another environment variable added. */
    public Command environment(String name, String value) {
      return new Command(argv, with(environment, name, value), workingDirectory, functions);
    }

    /** Returns a copy with another working directory, which must exist. */
    public Command workingDirectory(Path directory) {
      return new Command(argv, environment, directory, functions);
    }

    /**
     * Returns a copy that allows only functions matching these patterns, instead of the present
     * ones: {@code stats::score}, {@code stats::*}, {@code my.stats.**}. Any other call is rejected
     * before a child sees it. Default: any function that the pool calls.
     */
    public Command functions(String... patterns) {
      return new Command(argv, environment, workingDirectory, List.of(patterns));
    }
  }

  /** Threads of the supervisor's process. */
  record Threads() implements ChildContext {}

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    Map<String, String> copy = new LinkedHashMap<>(map);
    copy.put(name, value);
    return copy;
  }
}
