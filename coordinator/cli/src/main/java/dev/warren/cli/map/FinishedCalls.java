package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.jobs.output.OutcomeFormat;
import dev.warren.jobs.spec.InputLines;
import dev.warren.task.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The calls that an earlier run has finished, read from its job log. Confined to one thread at a
 * time.
 *
 * <p>A run may have been killed at any moment. An incomplete last line of the log does not count,
 * nor does what the output has after the lines that the log names. A log that was written further
 * than the output, as after a power failure, counts only as far as the output goes.
 */
final class FinishedCalls {
  static final FinishedCalls NONE = new FinishedCalls("");

  private static final int COLUMNS = 9;

  private final String log;
  // by index: a digest of the call's command; 0 if it has not finished
  private long[] commands = new long[16];
  private long finished;
  private long length;
  private long logBytes;
  private long outputBytes;
  private long missing;
  private String function = "";

  private FinishedCalls(String log) {
    this.log = log;
  }

  /**
   * Reads the log.
   *
   * @param output the file of the earlier run; null for standard output
   * @param failedToo whether failed calls count as not finished
   * @throws CommandFailure if the log or the output is not of such a run
   */
  static FinishedCalls read(JobLog log, @Nullable String output, boolean failedToo) {
    FinishedCalls calls = new FinishedCalls(log.path().toString());
    calls.function = log.function();
    Path file = output == null ? null : Path.of(output);
    long size = file == null ? Long.MAX_VALUE : InOut.size(file);
    try {
      long logSize = Files.size(log.path());
      if (logSize == 0 && file != null && size > 0) {
        throw CommandFailure.usage(
            "there is no joblog "
                + log.path()
                + ", but --output "
                + output
                + " has content; name the joblog of that run, or overwrite both with --force");
      }
      try (InputLines lines = new InputLines(Files.newInputStream(log.path()))) {
        calls.read(lines, logSize, size, failedToo);
      }
      if (file != null) {
        calls.checkOutput(file);
      }
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "cannot read " + log.path() + ": " + InOut.reason(e), e);
    }
    return calls;
  }

  private void read(InputLines lines, long logSize, long outputSize, boolean failedToo)
      throws IOException {
    for (Payload line = lines.next(); line != null; line = lines.next()) {
      long end = logBytes + line.length() + 1;
      if (end > logSize) {
        return; // the run was killed while it wrote this line
      }
      if (lines.number() == 1) {
        if (!(line.text() + "\n").equals(JobLog.HEADER)) {
          throw CommandFailure.usage(
              log
                  + " is not a joblog: its first line must be the names of the columns, Seq to Command");
        }
      } else if (!tryAdd(line.text().split("\t", -1), lines.number(), outputSize, failedToo)) {
        missing++;
        continue;
      }
      logBytes = end;
    }
  }

  /** Returns false if the output does not contain the call's line. */
  private boolean tryAdd(String[] columns, long number, long outputSize, boolean failedToo) {
    long seq;
    long received;
    long exit;
    try {
      if (columns.length != COLUMNS) {
        throw new NumberFormatException();
      }
      seq = Long.parseLong(columns[0]);
      received = Long.parseLong(columns[5]);
      exit = Long.parseLong(columns[6]);
      if (seq < 1 || seq > Integer.MAX_VALUE - 8 || received < 0) {
        throw new NumberFormatException();
      }
    } catch (NumberFormatException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          log + " line " + number + " is not a line of a joblog; remove the file",
          e);
    }
    String command = columns[COLUMNS - 1];
    if (!command.startsWith(function + " ")) {
      throw CommandFailure.usage(
          log
              + " is the joblog of "
              + command.replaceFirst(" .*", "")
              + ", not of "
              + function
              + "; name another joblog, or overwrite it with --force");
    }
    if (missing > 0 || outputBytes + received > outputSize) {
      return false;
    }
    outputBytes += received;
    mark((int) (seq - 1), failedToo && exit != 0 ? 0 : digest(command));
    return true;
  }

  private void mark(int index, long command) {
    if (index >= commands.length) {
      commands = Arrays.copyOf(commands, Math.max(index + 1, commands.length * 2));
    }
    finished += (command == 0 ? 0 : 1) - (commands[index] == 0 ? 0 : 1);
    commands[index] = command;
    length = Math.max(length, index + 1L);
  }

  private static long digest(String command) {
    return ByteBuffer.wrap(JobLog.digest(command.getBytes(StandardCharsets.UTF_8))).getLong() | 1;
  }

  private void checkOutput(Path output) throws IOException {
    if (missing > 0 && !Files.exists(output)) {
      throw CommandFailure.usage(
          "--output "
              + output
              + " does not exist, but "
              + log
              + " has calls of it; name that output, or start over with --force");
    }
    if (!InOut.startsWith(output, OutcomeFormat.START)
        || (outputBytes > 0 && !InOut.endsLineAt(output, outputBytes))) {
      throw CommandFailure.usage(
          "--output "
              + output
              + " is not the output that "
              + log
              + " belongs to; name that output,"
              + " or overwrite both with --force");
    }
  }

  /**
   * Whether the call at {@code index} need not run.
   *
   * @throws CommandFailure if the log has another call at this place
   */
  boolean has(long index, Payload input) {
    if (index >= length || commands[(int) index] == 0) {
      return false;
    }
    if (commands[(int) index] != digest(JobLog.command(function, input))) {
      throw CommandFailure.usage(
          "input line "
              + (index + 1)
              + " is not the call that "
              + log
              + " has in its place; use the --input of that run, or another joblog");
    }
    return true;
  }

  /**
   * Checks the input's length at its end.
   *
   * @throws CommandFailure if the log has more calls than the input
   */
  void checkEnd(long lines) {
    if (lines < length) {
      throw CommandFailure.usage(
          "the input ends after line "
              + lines
              + ", but "
              + log
              + " has call "
              + length
              + "; use the --input of that run, or another joblog");
    }
  }

  /** Number of calls in the log whose lines the output lacks. */
  long missing() {
    return missing;
  }

  /** Number of calls that need not run. */
  long count() {
    return finished;
  }

  /** Length of the part of the log that counts. */
  long logBytes() {
    return logBytes;
  }

  /** Length of the output of the calls in the log. */
  long outputBytes() {
    return outputBytes;
  }
}
