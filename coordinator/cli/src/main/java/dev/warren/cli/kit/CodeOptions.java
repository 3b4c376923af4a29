package dev.warren.cli.kit;

import dev.warren.worker.functions.AppCode;
import dev.warren.worker.functions.AppDigest;
import dev.warren.worker.functions.FunctionPatterns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select the children's code, and which of it may be called. */
public final class CodeOptions {
  @Option(
      names = "--app",
      paramLabel = "PATH",
      description =
          "jar, folder of jars or folder of classes whose functions may be called; repeatable, or"
              + " several joined by ':'")
  private List<String> app = new ArrayList<>();

  @Option(
      names = "--lib",
      paramLabel = "PATH",
      description = "libraries of the app, in the same form; none of their functions may be called")
  private List<String> lib = new ArrayList<>();

  @Option(
      names = "--functions",
      paramLabel = "PATTERN",
      split = ",",
      description =
          "the functions of --app that may be called: com.acme.** (package and subpackages),"
              + " com.acme.*, com.acme.Stats, com.acme.Stats::score; repeatable; default: the"
              + " patterns in the jar's manifest (Warren-Functions), otherwise all functions if --app"
              + " contains only your own code")
  private List<String> functions = new ArrayList<>();

  /** The app's code, and which of it may be called. */
  public AppCode code() {
    List<Path> entries = AppPath.resolve("--app", app);
    try {
      return AppCode.of(entries, functions());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "--app cannot be read: " + e.getMessage(), e);
    }
  }

  /** A digest of the files of {@code --app}; null if there is none. */
  public @Nullable String digest() {
    List<Path> entries = AppPath.resolve("--app", app);
    try {
      return entries.isEmpty() ? null : AppDigest.of(entries);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "--app cannot be read: " + e.getMessage(), e);
    }
  }

  /** Class path entries of {@code --lib}. */
  public List<Path> libraries() {
    return AppPath.resolve("--lib", lib);
  }

  /**
   * The patterns as given.
   *
   * @throws IllegalArgumentException naming the first invalid pattern
   */
  public List<String> functions() {
    return FunctionPatterns.of(patterns(functions)).texts();
  }

  /**
   * Strips the patterns; an option without any pattern is an error, because it would allow
   * everything.
   */
  static List<String> patterns(List<String> given) {
    List<String> patterns =
        given.stream().map(String::strip).filter(pattern -> !pattern.isEmpty()).toList();
    if (patterns.isEmpty() && !given.isEmpty()) {
      throw CommandFailure.usage("--functions is empty; write --functions 'com.acme.**'");
    }
    return patterns;
  }
}
