package dev.warren.worker.supervise.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads Linux's process information under /proc. On other systems, and for processes that have
 * ended, every answer is zero or empty. Thread-safe.
 */
public final class ProcFiles {
  private static final Path PROC = Path.of("/proc");

  private ProcFiles() {}

  /**
   * Memory of a process, in bytes.
   *
   * @param resident at present
   * @param peak highest so far
   */
  public record Memory(long resident, long peak) {
    static final Memory UNKNOWN = new Memory(0, 0);
  }

  /** Resident memory of a process; zeros if unknown. */
  public static Memory memory(long pid) {
    String status = text(PROC.resolve(pid + "/status"));
    return status.isEmpty()
        ? Memory.UNKNOWN
        : new Memory(kib(status, "VmRSS:") * 1024, kib(status, "VmHWM:") * 1024);
  }

  /** Resident memory of all descendants, per process; only for processes that have descendants. */
  public static Map<Long, Long> descendantsMemory(Set<Long> roots) {
    Map<Long, Long> parents = new HashMap<>();
    for (long pid : pids()) {
      // "pid (name) state ppid …"; the name may contain any character
      String stat = text(PROC.resolve(pid + "/stat"));
      int end = stat.lastIndexOf(')');
      if (end > 0) {
        parents.put(pid, number(stat, stat.indexOf(' ', end + 2) + 1));
      }
    }
    Map<Long, Long> sums = new HashMap<>();
    for (long pid : parents.keySet()) {
      Long ancestor = parents.get(pid);
      for (int depth = 0; ancestor != null && depth < 100; depth++) {
        if (roots.contains(ancestor)) {
          sums.merge(ancestor, memory(pid).resident(), Long::sum);
          break;
        }
        ancestor = parents.get(ancestor);
      }
    }
    return sums;
  }

  /**
   * Number of processes that the kernel's out-of-memory killer has killed since boot; 0 if unknown.
   */
  public static long outOfMemoryKills() {
    return kib(text(PROC.resolve("vmstat")), "oom_kill ");
  }

  /** Content of a small file; empty if it cannot be read. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** The number after a field's name at the beginning of a line; 0 if the field is missing. */
  private static long kib(String text, String field) {
    int at = text.startsWith(field) ? 0 : text.indexOf("\n" + field);
    return at < 0 ? 0 : number(text, at + (at == 0 ? 0 : 1) + field.length());
  }

  private static long number(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    long number = 0;
    for (; at < text.length() && Character.isDigit(text.charAt(at)); at++) {
      number = number * 10 + (text.charAt(at) - '0');
    }
    return number;
  }

  /**
   * Processes that have {@code mark} in their environment, each with the value of its variable
   * {@code name}.
   */
  static Map<Long, String> marked(String mark, String name) {
    Map<Long, String> found = new TreeMap<>();
    String prefix = name + "=";
    for (long pid : pids()) {
      List<String> environment = environment(pid);
      if (environment.contains(mark)) {
        found.put(
            pid,
            environment.stream()
                .filter(entry -> entry.startsWith(prefix))
                .map(entry -> entry.substring(prefix.length()))
                .findFirst()
                .orElse(""));
      }
    }
    return found;
  }

  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        pids.add(Long.parseLong(entry.toFile().getName()));
      }
    } catch (IOException | NumberFormatException e) {
      return pids;
    }
    return pids;
  }

  private static List<String> environment(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(PROC.resolve(pid + "/environ"));
      return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }
}
