package dev.warren.task;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How children are started. Immutable. On a broker this is the worker's own setting, never the
 * pool's: what runs on a host is decided on that host.
 */
public sealed interface ChildContext {

  /** A fresh JVM per child: the supervisor's own java, environment and working directory. */
  static Jvm jvm() {
    return new Jvm(null, List.of(), Map.of(), null);
  }

  /** Any program that speaks docs/child-protocol.md on its link. */
  static Command command(String... argv) {
    return new Command(List.of(argv), Map.of(), null, List.of());
  }

  /**
   * Threads of the supervisor's own process, for I/O-bound calls and tests: nothing is isolated, a
   * hard time limit can only interrupt, and memory is not watched.
   */
  static Threads threads() {
    return new Threads();
  }

  /**
   * A JVM.
   *
   * @param javaHome whose {@code bin/java} to run; null for the supervisor's own
   * @param options JVM options, {@code -Xmx256m}, after Warren's own
   * @param environment variables on top of those that children inherit: the supervisor's without
   *     Warren's settings, JVM options and the broker's credentials
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

    /** With another Java; its folder must hold {@code bin/java}. */
    public Jvm javaHome(Path home) {
      return new Jvm(home, options, environment, workingDirectory);
    }

    /** With these JVM options in place of the present ones. */
    public Jvm options(String... jvmOptions) {
      return new Jvm(javaHome, List.of(jvmOptions), environment, workingDirectory);
    }

    /** With one more environment variable. */
    public Jvm environment(String name, String value) {
      return new Jvm(javaHome, options, with(environment, name, value), workingDirectory);
    }

    /** With another working directory; it must exist. */
    public Jvm workingDirectory(Path directory) {
      return new Jvm(javaHome, options, environment, directory);
    }
  }

  /**
   * A program.
   *
   * @param argv program and arguments; at least the program
   * @param environment variables on top of those that children inherit: the supervisor's without
   *     Warren's settings, JVM options and the broker's credentials
   * @param workingDirectory null for the supervisor's
   * @param functions patterns of what may be called, {@code stats::*}; empty: whatever the pool
   *     itself asks for
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

    /** With one more environment variable. */
    public Command environment(String name, String value) {
      return new Command(argv, with(environment, name, value), workingDirectory, functions);
    }

    /** With another working directory; it must exist. */
    public Command workingDirectory(Path directory) {
      return new Command(argv, environment, directory, functions);
    }

    /**
     * Lets children run nothing but what these patterns name, in place of the present ones: {@code
     * stats::score}, {@code stats::*}, {@code my.stats.**}. Any other call is refused before a
     * child sees it. Default: everything that the pool is asked to call.
     */
    public Command functions(String... patterns) {
      return new Command(argv, environment, workingDirectory, List.of(patterns));
    }
  }

  /** Threads. */
  record Threads() implements ChildContext {}

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    Map<String, String> copy = new LinkedHashMap<>(map);
    copy.put(name, value);
    return copy;
  }
}
