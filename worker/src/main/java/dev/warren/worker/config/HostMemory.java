package dev.warren.worker.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how much memory this process may use: that of the host, or the lowest limit of its control
 * groups. Read from Linux's files, as a JVM does for itself; the JDK's management classes would add
 * about 50 ms to the first child's start. Stateless.
 */
public final class HostMemory {
  private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,18})\\s*");

  /** A line of {@code /proc/self/cgroup} for memory, of version 2 or version 1. */
  private static final Pattern GROUP =
      Pattern.compile("(?m)^(?:0:|\\d+:(?:[\\w=]+,)*(memory)(?:,[\\w=]+)*):(/.*)$");

  private HostMemory() {}

  /** Bytes; 0 if unknown. */
  static long bytes() {
    return bytes(Path.of("/"));
  }

  /** The same with another root of the file system. */
  static long bytes(Path root) {
    Matcher total = TOTAL.matcher(text(root.resolve("proc/meminfo")));
    if (!total.find()) {
      return 0;
    }
    long min = Long.parseLong(total.group(1)) * 1024;
    Matcher group = GROUP.matcher(text(root.resolve("proc/self/cgroup")));
    while (group.find()) {
      boolean first = group.group(1) != null;
      Path mount = root.resolve(first ? "sys/fs/cgroup/memory" : "sys/fs/cgroup");
      String file = first ? "memory.limit_in_bytes" : "memory.max";
      Path folder = mount.resolve(group.group(2).substring(1)).normalize();
      for (; folder != null && folder.startsWith(mount); folder = folder.getParent()) {
        min = Math.min(min, limit(folder.resolve(file)));
      }
    }
    return min;
  }

  /**
   * Whether the kernel kills all processes of this container, not just one, when its memory runs
   * out ({@code memory.oom.group}, which Kubernetes sets).
   */
  public static boolean killedTogether() {
    return killedTogether(Path.of("/"));
  }

  public static boolean killedTogether(Path root) {
    Matcher group = GROUP.matcher(text(root.resolve("proc/self/cgroup")));
    Path mount = root.resolve("sys/fs/cgroup");
    while (group.find()) {
      Path folder = mount.resolve(group.group(2).substring(1)).normalize();
      for (; folder != null && folder.startsWith(mount); folder = folder.getParent()) {
        if (text(folder.resolve("memory.oom.group")).strip().equals("1")) {
          return true;
        }
      }
    }
    return false;
  }

  private static long limit(Path file) {
    Matcher bytes = BYTES.matcher(text(file));
    return bytes.matches() ? Long.parseLong(bytes.group(1)) : Long.MAX_VALUE;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // another system, or no permission
    }
  }

  /** A size for messages, such as {@code 512 MiB}. */
  public static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
