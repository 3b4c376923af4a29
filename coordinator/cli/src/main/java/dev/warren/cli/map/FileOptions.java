package dev.warren.cli.map;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.cli.kit.CommandFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code warren map} that select its files. */
final class FileOptions {
  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "- for standard input",
      showDefaultValue = ALWAYS)
  private String input = "-";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "- for standard output; a file that has content is refused",
      showDefaultValue = ALWAYS)
  private String output = "-";

  @Option(names = "--force", description = "overwrite --output and --joblog")
  private boolean force;

  @Option(names = "--lines", description = "lines of input are plain strings, not JSON")
  private boolean lines;

  @Option(names = "--with-input", description = "repeat each call's input in its line of output")
  private boolean withInput;

  @Option(
      names = "--joblog",
      paramLabel = "FILE",
      description =
          "write a line for each call that has ended, in the columns of GNU parallel: Seq, Host,"
              + " Starttime, JobRuntime, Send, Receive, Exitval, Signal, Command (OPERATIONS.md)")
  private @Nullable Path jobLog;

  @Option(
      names = "--resume",
      description =
          "run the calls that are not in --joblog, and append to --output; also after kill -9")
  private boolean resume;

  @Option(names = "--resume-failed", description = "like --resume, and run the failed calls again")
  private boolean resumeFailed;

  boolean plainLines() {
    return lines;
  }

  boolean withInput() {
    return withInput;
  }

  boolean remembersInput() {
    return withInput || jobLog != null;
  }

  /**
   * Opens the files.
   *
   * @param function the function as the user wrote it
   * @throws CommandFailure naming the file that cannot be opened, would be overwritten, or belongs
   *     to another run
   */
  InOut open(String function) {
    boolean again = resume || resumeFailed;
    if (again && jobLog == null) {
      throw CommandFailure.usage(
          (resume ? "--resume" : "--resume-failed") + " needs --joblog FILE, which it reads");
    }
    if (again && force) {
      throw CommandFailure.usage("--force starts over, --resume continues; give one of them");
    }
    InOut.checkDifferent("--output", output, input);
    if (jobLog == null) {
      refuseOverwriting("--output", Path.of(output), output.equals(InOut.STANDARD));
      return InOut.open(input, output, null, null);
    }
    InOut.checkDifferent("--joblog", jobLog.toString(), input);
    InOut.checkDifferent("--joblog", jobLog.toString(), output);
    if (!again) {
      refuseOverwriting("--output", Path.of(output), output.equals(InOut.STANDARD));
      refuseOverwriting("--joblog", jobLog, false);
    }
    JobLog log = JobLog.open(jobLog, function);
    try {
      FinishedCalls finished =
          again
              ? FinishedCalls.read(log, output.equals(InOut.STANDARD) ? null : output, resumeFailed)
              : FinishedCalls.NONE;
      InOut files = InOut.open(input, output, log, again ? finished : null);
      log.start(finished.logBytes());
      return files;
    } catch (RuntimeException | Error e) {
      log.release();
      throw e;
    }
  }

  /**
   * Opens the files of a job, whose output is written from its start again each time.
   *
   * @param belongsToJob whether an existing output is the job's
   */
  InOut openForJob(Predicate<Path> belongsToJob) {
    if (jobLog != null || resume || resumeFailed) {
      throw CommandFailure.usage(
          "--joblog and --resume are for runs without --job; with --job the same command resumes");
    }
    InOut.checkDifferent("--output", output, input);
    Path file = Path.of(output);
    boolean standard = output.equals(InOut.STANDARD);
    if (!standard && !belongsToJob.test(file.toAbsolutePath().normalize())) {
      refuseOverwriting("--output", file, false);
    }
    return InOut.openForJob(input, output);
  }

  /** The output's absolute path; null for standard output. */
  @Nullable String outputPath() {
    return output.equals(InOut.STANDARD)
        ? null
        : Path.of(output).toAbsolutePath().normalize().toString();
  }

  private void refuseOverwriting(String option, Path file, boolean standard) {
    if (!standard && !force && Files.isRegularFile(file) && InOut.size(file) > 0) {
      throw CommandFailure.usage(
          option
              + " "
              + file
              + " exists; overwrite it with --force"
              + (jobLog == null ? "" : ", or continue with --resume")
              + ", or name another file");
    }
  }
}
