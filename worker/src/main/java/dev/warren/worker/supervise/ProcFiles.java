package dev.warren.worker.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Linux tells of processes under /proc. On other systems, and for processes that have gone,
 * every answer is zero or empty. Thread-safe.
 */
final class ProcFiles {
  private static final Path PROC = Path.of("/proc");

  private ProcFiles() {}

  /** Resident memory of a process now, in bytes; 0 where unknown. */
  static long residentBytes(long pid) {
    return kib(PROC.resolve(pid + "/status"), "VmRSS:") * 1024;
  }

  /** Highest resident memory of a process so far, in bytes; 0 where unknown. */
  static long peakBytes(long pid) {
    return kib(PROC.resolve(pid + "/status"), "VmHWM:") * 1024;
  }

  /** How often the kernel has killed a process for want of memory since boot; 0 where unknown. */
  static long outOfMemoryKills() {
    return kib(PROC.resolve("vmstat"), "oom_kill ");
  }

  private static long kib(Path file, String field) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.substring(field.length()).replaceAll("\\D", ""));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return 0;
  }

  /** Processes that have {@code mark} in their environment, each with its variable {@code name}. */
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
