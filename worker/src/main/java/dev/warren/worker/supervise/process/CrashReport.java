package dev.warren.worker.supervise.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JVM's crash report: the head of its error file. The rest of that file contains the process's
 * environment and memory and is not read. Immutable.
 *
 * @param signal name of the signal that killed it, {@code SIGSEGV}; null for another fatal error
 * @param head the lines that say what happened and where
 */
public record CrashReport(@Nullable String signal, List<String> head) {
  /** No crash. */
  public static final CrashReport NONE = new CrashReport(null, List.of());

  /** Maximum number of lines read; the head is much shorter. */
  private static final int MAX_LINES = 60;

  private static final Pattern SIGNAL = Pattern.compile("^#\\s+(SIG[A-Z]+) \\(0x.*");

  private static final String NO_MEMORY = "There is insufficient memory for the Java Runtime";

  /** Lines that are the same in every report, or mention files. */
  private static final Pattern BOILERPLATE =
      Pattern.compile(
          "(?i)A fatal error has been detected.*|.*core (dump|file).*|If you would like.*"
              + "|https?://.*|The crash happened outside.*|See problematic frame.*");

  public CrashReport {
    head = List.copyOf(head);
  }

  /** Reads the file and deletes it; {@link #NONE} if it does not exist. Blocks on the disk. */
  static CrashReport take(Path file) {
    if (!Files.exists(file)) {
      return NONE;
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return of(lines.limit(MAX_LINES).toList());
    } catch (IOException | UncheckedIOException e) {
      return NONE;
    } finally {
      remove(file);
    }
  }

  /** Whether the JVM could not allocate memory from the system. */
  public boolean outOfMemory() {
    return head.stream().anyMatch(line -> line.startsWith(NO_MEMORY));
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit(); // the folder is deleted with the worker anyway
    }
  }

  /** Parses the lines of the file. */
  static CrashReport of(List<String> lines) {
    List<String> head =
        lines.stream()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.substring(1).strip())
            .filter(line -> !line.isEmpty() && !BOILERPLATE.matcher(line).matches())
            .toList();
    String signal =
        lines.stream()
            .map(SIGNAL::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(1))
            .findFirst()
            .orElse(null);
    return new CrashReport(signal, head);
  }
}
