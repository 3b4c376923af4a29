package dev.warren.cli.doctor;

import dev.warren.worker.config.HeapShare;
import dev.warren.worker.link.SocketFolder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks this host or container: limits, disk, and process 1. Skips values that it cannot read.
 * Confined to the main thread.
 */
final class HostChecks {
  private static final long FILES = 1024;
  private static final long PROCESSES = 512;
  private static final long MEMORY = 256L << 20;
  private static final long DISK = 200L << 20;

  /** Maximum bytes of one argument or environment variable, on Linux. */
  private static final long ARGUMENT = 128 << 10;

  /** Bytes for arguments and environment that the start of a child should have. */
  private static final long ARGUMENTS = 256 << 10;

  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "busybox");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})");

  private final Report report;
  private final Path root;

  /**
   * Creates the checks.
   *
   * @param root root of the file system, other than {@code /} in tests
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
    sockets();
    arguments(System.getenv());
    firstProcess();
  }

  /**
   * Checks the memory for a worker's children.
   *
   * @param spares number of spare children
   */
  void memory(int slots, int spares) {
    HeapShare share = HeapShare.of(slots + spares);
    if (share.bytes() == 0) {
      return;
    }
    String text =
        slots
            + " slots and "
            + spares
            + " spare: each with a heap of up to "
            + (share.bytes() >> 20)
            + " MiB, of "
            + (share.memory() >> 20)
            + " MiB";
    if (share.tooSmall()) {
      report.warning(
          "memory by slots",
          text + "; " + share.warning(),
          "reduce the worker's slots (--processes), or give this host or container more memory");
    } else {
      report.ok("memory by slots", text + " (change it with --child-option -Xmx…)");
    }
  }

  /** Checks that there is a folder for the socket of children, by creating one. */
  private void sockets() {
    try {
      SocketFolder made = SocketFolder.open("warren-doctor-", 1);
      made.server().close();
      Files.deleteIfExists(made.socket());
      Files.deleteIfExists(made.path());
      report.ok("sockets", "sockets of children are in " + made.path().getParent());
    } catch (IOException e) {
      String[] parts = String.valueOf(e.getMessage()).split("; ", 2);
      report.problem("sockets", parts[0], parts[parts.length - 1]);
    }
  }

  /**
   * Checks that a process can be started with this environment, which shares its space with the
   * arguments.
   */
  void arguments(Map<String, String> environment) {
    long all = 0;
    long longest = 0;
    String name = "";
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      long length = variable.getKey().length() + variable.getValue().length() + 2L;
      all += length;
      if (length > longest) {
        longest = length;
        name = variable.getKey();
      }
    }
    long room = Math.max(ARGUMENT, stack() / 4);
    String text =
        "the environment has " + all + " bytes, of " + room + " for environment and arguments";
    if (room - all < ARGUMENTS) {
      report.warning("arguments", text, "raise the stack's limit (ulimit -s), or unset variables");
    } else if (longest > ARGUMENT * 3 / 4) {
      report.warning(
          "arguments",
          name + " has " + longest + " bytes, of " + ARGUMENT + " for one variable",
          "shorten it, or keep it from children with --child-env");
    } else {
      report.ok("arguments", text);
    }
  }

  /** The soft limit of the stack in bytes; 8 MiB if it is unknown or unlimited. */
  private long stack() {
    return read("proc/self/limits")
        .flatMap(text -> text.lines().filter(line -> line.startsWith("Max stack size")).findFirst())
        .map(line -> NUMBER.matcher(line.substring("Max stack size".length()).strip()))
        .filter(Matcher::lookingAt)
        .map(number -> Long.parseLong(number.group(1)))
        .orElse(8L << 20);
  }

  private void limits() {
    Optional<String> limits = read("proc/self/limits");
    limit(limits, "Max open files", FILES, "open files", "raise it: ulimit -n, LimitNOFILE=");
    limit(limits, "Max processes", PROCESSES, "processes", "raise it: ulimit -u, LimitNPROC=");
  }

  private void limit(Optional<String> limits, String name, long min, String check, String remedy) {
    limits
        .flatMap(text -> text.lines().filter(line -> line.startsWith(name)).findFirst())
        .ifPresent(line -> judge(line.substring(name.length()).strip(), min, check, remedy, 1));
  }

  private void cgroup(String file, long min, String check, String remedy, long unit) {
    read("sys/fs/cgroup/" + file)
        .or(() -> read("sys/fs/cgroup/" + file.substring(0, file.indexOf('.')) + "/" + file))
        .ifPresent(text -> judge(text.strip(), min, check + " (cgroup)", remedy, unit));
  }

  /**
   * Evaluates the first number in the text, the soft limit; a word such as {@code max} means no
   * limit.
   */
  private void judge(String text, long min, String check, String remedy, long unit) {
    Matcher number = NUMBER.matcher(text);
    if (!number.lookingAt()) {
      report.ok(check, "no limit");
      return;
    }
    long limit = Long.parseLong(number.group(1));
    String shown = unit == 1 ? Long.toString(limit) : limit / unit + " MiB";
    if (limit < min) {
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
            "free space, or use another folder: WARREN_JVM_OPTIONS=-Djava.io.tmpdir=DIR");
      } else {
        report.ok("disk", text);
      }
    } catch (IOException e) {
      report.warning("disk", temp + ": " + e.getMessage(), "create that folder, or use another");
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
                        + ", which does not forward SIGTERM: docker stop would kill"
                        + " a worker instead of draining it",
                    "use the exec form, ENTRYPOINT [\"warren\", \"worker\"], or exec in the script"));
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)));
    } catch (IOException e) {
      return Optional.empty(); // another operating system, or not readable
    }
  }
}
