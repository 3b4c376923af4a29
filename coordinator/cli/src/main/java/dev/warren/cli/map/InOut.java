package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.Console;
import dev.warren.cli.kit.ExitCode;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The opened input and output of a run.
 *
 * @param inputName for messages
 * @param outputName for messages
 * @param inputBytes size of the input; 0 if unknown
 */
public record InOut(
    InputLines lines, String inputName, long inputBytes, OutputStream out, String outputName)
    implements Closeable {
  static final String STANDARD = "-";

  /**
   * Opens both; {@code -} means standard input and output.
   *
   * @throws CommandFailure naming the file that cannot be opened and why
   */
  static InOut open(String input, String output) {
    boolean fromStandard = input.equals(STANDARD);
    boolean toStandard = output.equals(STANDARD);
    Path in = Path.of(input);
    Path out = Path.of(output);
    checkDifferent(in, out, fromStandard || toStandard);
    InputStream stream = fromStandard ? new FileInputStream(FileDescriptor.in) : input(in);
    return new InOut(
        new InputLines(stream),
        fromStandard ? "standard input" : input,
        fromStandard ? 0 : size(in),
        toStandard ? Console.out() : output(out),
        toStandard ? "standard output" : output);
  }

  private static void checkDifferent(Path in, Path out, boolean standard) {
    try {
      if (!standard && Files.isRegularFile(out) && Files.exists(in) && Files.isSameFile(in, out)) {
        throw CommandFailure.usage("--output " + out + " is the input; write to another file");
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot access " + out + ": " + reason(e), e);
    }
  }

  private static InputStream input(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw CommandFailure.usage("--input " + file + " is a folder");
      }
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + reason(e), e);
    }
  }

  private static OutputStream output(Path file) {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot write " + file + ": " + reason(e), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0; // needed only for the progress display
    }
  }

  /**
   * The reason in words, because the message of Java's file exceptions is often just the file's
   * name.
   */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
