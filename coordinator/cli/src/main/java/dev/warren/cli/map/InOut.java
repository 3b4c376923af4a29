package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.Console;
import dev.warren.cli.kit.ExitCode;
import dev.warren.jobs.spec.InputLines;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The opened input and output of a run.
 *
 * @param inputName for messages
 * @param outputName for messages
 * @param inputBytes size of the input; 0 if unknown
 * @param log the job log; null if there is none
 * @param finished the calls that an earlier run has finished
 */
public record InOut(
    InputLines lines,
    String inputName,
    long inputBytes,
    OutputStream out,
    String outputName,
    @Nullable JobLog log,
    FinishedCalls finished)
    implements Closeable {
  static final String STANDARD = "-";

  /**
   * Opens both; {@code -} means standard input and output.
   *
   * @param resumed the calls whose lines the output has already; null to overwrite it
   * @throws CommandFailure naming the file that cannot be opened and why
   */
  static InOut open(
      String input, String output, @Nullable JobLog log, @Nullable FinishedCalls resumed) {
    Supplier<OutputStream> out =
        () -> output.equals(STANDARD) ? Console.out() : output(Path.of(output), resumed);
    return open(input, output, out, log, resumed == null ? FinishedCalls.NONE : resumed);
  }

  /** Opens both; an output that is a file keeps its content until something is written. */
  static InOut openForJob(String input, String output) {
    Supplier<OutputStream> out =
        () -> output.equals(STANDARD) ? Console.out() : lateOutput(Path.of(output));
    return open(input, output, out, null, FinishedCalls.NONE);
  }

  private static InOut open(
      String input,
      String output,
      Supplier<OutputStream> out,
      @Nullable JobLog log,
      FinishedCalls finished) {
    boolean fromStandard = input.equals(STANDARD);
    Path in = Path.of(input);
    return new InOut(
        new InputLines(fromStandard ? new FileInputStream(FileDescriptor.in) : input(in)),
        fromStandard ? "standard input" : input,
        fromStandard ? 0 : size(in),
        out.get(), // after the input: a wrong input leaves the output as it was
        output.equals(STANDARD) ? "standard output" : output,
        log,
        finished);
  }

  private static OutputStream lateOutput(Path file) {
    try {
      boolean keeps = !Files.exists(file) || Files.isRegularFile(file);
      return keeps ? new LateOutput(file) : Files.newOutputStream(file);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot write " + file + ": " + reason(e), e);
    }
  }

  /**
   * Checks that a file that is written is not also read or written as another one.
   *
   * @param option the option that names {@code written}
   */
  static void checkDifferent(String option, String written, String other) {
    Path out = Path.of(written);
    Path in = Path.of(other);
    try {
      if (!written.equals(STANDARD) && !other.equals(STANDARD) && areSame(in, out)) {
        throw CommandFailure.usage(
            option
                + " "
                + out
                + (option.equals("--output") ? " is the input" : " is also the input or output")
                + "; write to another file");
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot access " + out + ": " + reason(e), e);
    }
  }

  private static boolean areSame(Path in, Path out) throws IOException {
    if (Files.isRegularFile(out) && Files.exists(in)) {
      return Files.isSameFile(in, out);
    }
    return !Files.exists(out)
        && out.toAbsolutePath().normalize().equals(in.toAbsolutePath().normalize());
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

  private static OutputStream output(Path file, @Nullable FinishedCalls resumed) {
    try {
      if (resumed == null || !Files.isRegularFile(file)) {
        return Files.newOutputStream(file);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.truncate(resumed.outputBytes()).position(resumed.outputBytes());
      return Channels.newOutputStream(channel);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot write " + file + ": " + reason(e), e);
    }
  }

  /** Whether the byte before this position of the file ends a line. */
  static boolean endsLineAt(Path file, long position) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.read(last, position - 1) == 1 && last.get(0) == '\n';
    }
  }

  /** Whether the file starts with this text, or is shorter and starts with a part of it. */
  static boolean startsWith(Path file, String text) throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(text.length()), StandardCharsets.ISO_8859_1);
      return text.startsWith(start);
    }
  }

  /** Size of a regular file; 0 if it is none or unknown. */
  static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
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
    if (log != null) {
      log.release();
    }
  }
}
