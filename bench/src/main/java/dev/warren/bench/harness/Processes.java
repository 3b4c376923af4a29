package dev.warren.bench.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads information about processes from Linux. */
public final class Processes {
  /** Unit of a process's processor time, the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private Processes() {}

  /** Arguments of a process, the program first; empty once the process is gone. */
  public static List<String> arguments(long pid) {
    // each argument ends with a zero byte
    List<String> arguments = new ArrayList<>(List.of(text(pid, "cmdline").split("\0", -1)));
    arguments.remove(arguments.size() - 1);
    return arguments;
  }

  public static String commandLine(long pid) {
    return text(pid, "cmdline");
  }

  /** Processor time that a process has used, in seconds; 0 once it is gone. */
  public static double processorSeconds(long pid) {
    String stat = text(pid, "stat");
    int afterName = stat.lastIndexOf(')');
    if (afterName < 0) {
      return 0;
    }
    String[] fields = stat.substring(afterName + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Total processor time of several processes, in seconds. */
  public static double processorSeconds(List<ProcessHandle> processes) {
    return processes.stream().mapToDouble(process -> processorSeconds(process.pid())).sum();
  }

  /** Waits for training runs of the children's class data archive, so that the archive exists. */
  public static void awaitArchives() {
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end && training()) {
      Work.idle(100);
    }
  }

  /** Waits for a process that was told to exit; kills it after 20 s. */
  public static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean training() {
    List<Long> pids = new ArrayList<>();
    ProcessHandle.allProcesses().forEach(process -> pids.add(process.pid()));
    return pids.stream().anyMatch(pid -> commandLine(pid).contains("child.Training"));
  }

  private static String text(long pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), file));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
