package dev.warren.worker.supervise.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Passes a class path to {@code java}. The system limits the length of an argument (128 KiB on
 * Linux) and of all together; a longer class path goes into a file that {@code java} reads ({@code
 * \@file}). Stateless.
 */
public final class JavaCommand {
  /** Maximum length of a class path in the command itself, in characters. */
  static final int LONGEST = 16 * 1024;

  private JavaCommand() {}

  /**
   * Returns the arguments that set this class path.
   *
   * @param file written if the class path is long; an existing one is replaced
   */
  public static List<String> classPath(List<Path> entries, Path file) throws IOException {
    String path =
        entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    if (path.length() <= LONGEST) {
      return List.of("-cp", path);
    }
    Files.writeString(file, "-cp \"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n");
    return List.of("@" + file);
  }
}
