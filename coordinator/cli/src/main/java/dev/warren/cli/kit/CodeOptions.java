package dev.warren.cli.kit;

import dev.warren.worker.functions.AppCode;
import dev.warren.worker.functions.FunctionPatterns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which code children have, and which of it may be called. */
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
      description =
          "the same for what the app needs: on the class path, nothing in it may be called")
  private List<String> lib = new ArrayList<>();

  @Option(
      names = "--functions",
      paramLabel = "PATTERN",
      split = ",",
      description =
          "which functions of --app may be called: com.acme.** (package and all below),"
              + " com.acme.*, com.acme.Stats, com.acme.Stats::score; repeatable; default: what the"
              + " jar's manifest says (Warren-Functions), else all, if --app holds nobody else's"
              + " code")
  private List<String> functions = new ArrayList<>();

  /** The app's code, and what of it may be called. */
  public AppCode code() {
    List<Path> entries = AppPath.resolve("--app", app);
    try {
      return AppCode.of(entries, functions());
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
   * @throws IllegalArgumentException naming the first that is none
   */
  public List<String> functions() {
    return FunctionPatterns.of(patterns(functions)).texts();
  }

  /** Without blanks around them; an option given without any is a mistake that would open all. */
  static List<String> patterns(List<String> given) {
    List<String> patterns =
        given.stream().map(String::strip).filter(pattern -> !pattern.isEmpty()).toList();
    if (patterns.isEmpty() && !given.isEmpty()) {
      throw CommandFailure.usage("--functions names nothing; write --functions 'com.acme.**'");
    }
    return patterns;
  }
}
