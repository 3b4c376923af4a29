package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code --joblog}: one line per call that has ended, in the columns of GNU parallel.
 * Locked while it is open. Confined to one thread at a time.
 *
 * <p>A line is written only after the call's line of output. {@code Receive} is the length of that
 * line, so the first lines of a log tell how far the output is complete ({@link FinishedCalls}).
 */
final class JobLog {
  static final String HEADER =
      "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n";

  /** Maximum length of arguments that are written out; longer ones are cut and given a digest. */
  private static final int SHOWN = 200;

  private final Path path;
  private final FileChannel channel;
  private final String function;
  private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();

  private JobLog(Path path, FileChannel channel, String function) {
    this.path = path;
    this.channel = channel;
    this.function = function;
  }

  /**
   * Opens and locks the file; creates it if it is missing.
   *
   * @param function the function as the user wrote it
   */
  static JobLog open(Path path, String function) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      return new JobLog(path, channel, function.replaceAll("\\s+", ""));
    } catch (OverlappingFileLockException e) {
      close(channel);
      throw new CommandFailure(
          ExitCode.USAGE, "--joblog " + path + " is in use by another warren map", e);
    } catch (IOException e) {
      close(channel);
      throw new CommandFailure(ExitCode.USAGE, "cannot write " + path + ": " + InOut.reason(e), e);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot close a joblog: " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  String function() {
    return function;
  }

  /**
   * Keeps the first {@code bytes} of the file and continues after them; writes a new header at 0.
   */
  void start(long bytes) {
    try {
      channel.truncate(bytes).position(bytes);
      if (bytes == 0) {
        unwritten.writeBytes(HEADER.getBytes(StandardCharsets.US_ASCII));
        flush();
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot write " + path + ": " + InOut.reason(e), e);
    }
  }

  /**
   * Adds a line, which is written by the next {@link #flush()}.
   *
   * @param index position in the input, from 0
   * @param host where the call ran; {@code :} for this one
   * @param endMillis when its outcome arrived
   * @param micros how long it ran; -1 if unknown
   * @param received length of its line of output
   * @param failure null if it has a value
   */
  void add(
      long index,
      String host,
      long endMillis,
      long micros,
      Payload input,
      int received,
      @Nullable RemoteFailure failure) {
    double seconds = Math.max(micros, 0) / 1_000_000.0;
    String line =
        String.format(
            Locale.ROOT,
            "%d\t%s\t%.3f\t%10.3f\t%d\t%d\t%d\t%d\t%s\n",
            index + 1,
            host.isEmpty() ? ":" : host,
            endMillis / 1_000.0 - seconds,
            seconds,
            input.length(),
            received,
            failure == null ? 0 : exit(failure),
            failure == null ? 0 : number(failure, "signal"),
            command(function, input));
    unwritten.writeBytes(line.getBytes(StandardCharsets.UTF_8));
  }

  private static long exit(RemoteFailure failure) {
    long code = failure.kind() == FailureKind.CHILD_LOST ? number(failure, "exitCode") : 0;
    return code > 0 && code < 256 ? code : 1;
  }

  private static long number(RemoteFailure failure, String detail) {
    return failure.details().get(detail) instanceof Number number ? number.longValue() : 0;
  }

  /** The text of the column {@code Command}: the function, and its input on one line. */
  static String command(String function, Payload input) {
    String text = input.text().replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
    return function + " " + (text.length() <= SHOWN ? text : cut(text, input));
  }

  private static String cut(String text, Payload input) {
    int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
    byte[] digest = digest(input.toBytes());
    return text.substring(0, end) + "… sha256:" + HexFormat.of().formatHex(digest, 0, 8);
  }

  static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Whether enough lines wait to be written to be worth a flush. */
  boolean isFull() {
    return unwritten.size() > 32 * 1024;
  }

  /** Writes the lines that were added; the output must have been flushed before. */
  void flush() throws IOException {
    if (unwritten.size() == 0) {
      return;
    }
    ByteBuffer lines = ByteBuffer.wrap(unwritten.toByteArray());
    unwritten.reset();
    while (lines.hasRemaining()) {
      channel.write(lines);
    }
  }

  /** Closes the file without writing the lines that wait. */
  void release() {
    close(channel);
  }
}
