package dev.warren.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This host, or container: limits, disk, and who is process 1. What it cannot see it skips. */
final class HostChecks {
  private static final long FILES = 1024;
  private static final long PROCESSES = 512;
  private static final long MEMORY = 256L << 20;
  private static final long DISK = 200L << 20;
  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "busybox");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})");

  private final Report report;
  private final Path root;

  /**
   * Makes the checks.
   *
   * @param root of the file system, other than {@code /} in tests
   */
  HostChecks(Report report, Path root) {
    this.report = report;
    this.root = root;
  }

  void look() {
    limits();
    cgroup(
        "pids.max", PROCESSES, "processes", "raise the container's pids limit (--pids-limit)", 1);
    cgroup("memory.max", MEMORY, "memory", "give the container more memory (mem_limit)", 1 << 20);
    disk();
    firstProcess();
  }

  private void limits() {
    Optional<String> limits = read("proc/self/limits");
    limit(limits, "Max open files", FILES, "open files", "raise it: ulimit -n, LimitNOFILE=");
    limit(limits, "Max processes", PROCESSES, "processes", "raise it: ulimit -u, LimitNPROC=");
  }

  private void limit(
      Optional<String> limits, String name, long least, String check, String remedy) {
    limits
        .flatMap(text -> text.lines().filter(line -> line.startsWith(name)).findFirst())
        .ifPresent(line -> judge(line.substring(name.length()).strip(), least, check, remedy, 1));
  }

  private void cgroup(String file, long least, String check, String remedy, long unit) {
    read("sys/fs/cgroup/" + file)
        .or(() -> read("sys/fs/cgroup/" + file.substring(0, file.indexOf('.')) + "/" + file))
        .ifPresent(text -> judge(text.strip(), least, check + " (cgroup)", remedy, unit));
  }

  /** The first number in the text, the soft limit; a word such as {@code max} is no limit. */
  private void judge(String text, long least, String check, String remedy, long unit) {
    Matcher number = NUMBER.matcher(text);
    if (!number.lookingAt()) {
      report.ok(check, "no limit");
      return;
    }
    long limit = Long.parseLong(number.group(1));
    String shown = unit == 1 ? Long.toString(limit) : limit / unit + " MiB";
    if (limit < least) {
      report.warning(check, "limited to " + shown, remedy);
    } else {
      report.ok(check, "limited to " + shown);
    }
  }

  private void disk() {
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      FileStore store = Files.getFileStore(temp);
      long free = store.getUsableSpace();
      String text = (free >> 20) + " MiB free in " + temp;
      if (free < DISK || !Files.isWritable(temp)) {
        report.warning(
            "disk",
            Files.isWritable(temp) ? text : temp + " cannot be written to",
            "make room, or give another folder: WARREN_JVM_OPTIONS=-Djava.io.tmpdir=DIR");
      } else {
        report.ok("disk", text);
      }
    } catch (IOException e) {
      report.warning("disk", temp + ": " + e.getMessage(), "make that folder, or name another");
    }
  }

  private void firstProcess() {
    read("proc/1/comm")
        .map(String::strip)
        .filter(SHELLS::contains)
        .ifPresent(
            shell ->
                report.warning(
                    "process 1",
                    "is the shell "
                        + shell
                        + ", which passes no SIGTERM on: docker stop would kill"
                        + " a worker instead of draining it",
                    "use the exec form, ENTRYPOINT [\"warren\", \"worker\"], or exec in the script"));
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)));
    } catch (IOException e) {
      return Optional.empty(); // another system, or not for us to see
    }
  }
}
