package dev.warren.cli.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A question to a person at the terminal. */
public final class Prompt {
  private static final Path STDIN = Path.of("/proc/self/fd/0");

  private Prompt() {}

  /**
   * Asks whether something is to be deleted.
   *
   * @param command the command that would do it
   * @param what what it would delete
   * @throws CommandFailure where nobody is there to answer
   */
  public static boolean confirmsDeleting(String command, String what) {
    if (!isTerminal()) {
      throw CommandFailure.usage(
          command + " would delete " + what + "; say --yes if that is meant");
    }
    return confirms("Delete " + what + " for good?");
  }

  /** Whether a person is there to answer. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(STDIN).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no Linux: better not to take silence for an answer
    }
  }

  /** Asks; anything but yes is no. */
  private static boolean confirms(String question) {
    System.out.print(question + " [y/N] ");
    System.out.flush();
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      String answer = in.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      return false; // the terminal has gone
    }
  }
}
