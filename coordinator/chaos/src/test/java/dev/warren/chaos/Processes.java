package dev.warren.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Processes of this machine: found by an inherited mark, and signalled. Stateless. */
final class Processes {
  /** Environment variable that all processes of a scenario carry. */
  static final String MARK = "CHAOS_MARK";

  private Processes() {}

  /**
   * Returns all processes with this text in their environment or command line, each with that text.
   */
  static List<String> with(String text) {
    List<String> found = new ArrayList<>();
    for (long pid : pids()) {
      if (pid != ProcessHandle.current().pid()
          && (has(pid, "environ", text) || has(pid, "cmdline", text))) {
        found.add(pid + " " + read(pid, "cmdline").replace('\0', ' ').strip());
      }
    }
    // a process that has ended meanwhile has an empty command line
    found.removeIf(line -> line.indexOf(' ') < 0);
    return found;
  }

  /** The children of a worker: processes with a link to it, not their descendants. */
  static List<ProcessHandle> children(ProcessHandle worker) {
    return worker.children().filter(child -> has(child.pid(), "environ", "WARREN_CHILD=")).toList();
  }

  /**
   * Sends a signal by name ({@code KILL}, {@code STOP}, {@code CONT}, {@code SEGV}) to a process,
   * or to the process group with this negative number.
   */
  static void signal(long pid, String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, "--", Long.toString(pid)).start().waitFor();
      if (code != 0 && (pid < 0 || ProcessHandle.of(pid).isPresent())) {
        throw new AssertionError("kill -" + name + " " + pid + " gave " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Heap used by a JVM after a collection, in KiB. */
  static long heapKb(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    Matcher used =
        Pattern.compile("(?:total|heap) .*?used (\\d+)K").matcher(jcmd(pid, "GC.heap_info"));
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1));
    }
    return sum;
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(program.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError("jcmd " + pid + " " + command + ": " + said);
    }
    return said;
  }

  static long threads(long pid) throws IOException {
    return entries(pid, "task");
  }

  static long openFiles(long pid) throws IOException {
    return entries(pid, "fd");
  }

  private static long entries(long pid, String folder) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), folder))) {
      return all.count();
    }
  }

  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  private static boolean has(long pid, String file, String text) {
    return read(pid, file).contains(text);
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended, or belongs to another user
    }
  }
}
