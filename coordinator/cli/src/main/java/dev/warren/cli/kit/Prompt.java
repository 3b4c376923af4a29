package dev.warren.cli.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Asks a question at the terminal. Stateless. */
public final class Prompt {
  private static final Path STDIN = Path.of("/proc/self/fd/0");

  private Prompt() {}

  /**
   * Asks for confirmation of a deletion.
   *
   * @param command the command that would delete
   * @param what what it would delete
   * @throws CommandFailure if stdin is not a terminal
   */
  public static boolean confirmsDeleting(String command, String what) {
    if (!isTerminal()) {
      throw CommandFailure.usage(command + " would delete " + what + "; add --yes to confirm");
    }
    return confirms("Permanently delete " + what + "?");
  }

  /** Whether stdin is a terminal. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(STDIN).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // not Linux: assume that nobody can answer
    }
  }

  /** Asks; any answer but yes counts as no. */
  private static boolean confirms(String question) {
    System.out.print(question + " [y/N] ");
    System.out.flush();
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      String answer = in.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      return false; // the terminal was closed
    }
  }
}
