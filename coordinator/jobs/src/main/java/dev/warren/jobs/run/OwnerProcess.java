package dev.warren.jobs.run;

import dev.warren.lifecycle.ThisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The process that owns a job, as the store names it. A process can tell that another one on the
 * same kernel, and in the same container, has ended; otherwise only the end of the lease tells.
 * Immutable.
 *
 * @param host where it runs, for people
 * @param pid its process id
 * @param started when it started, in milliseconds since the epoch; 0 if unknown
 * @param space identifies the boot of the kernel and the container; empty if unknown
 */
record OwnerProcess(String host, long pid, long started, String space) {

  /** This process. */
  static OwnerProcess current() {
    ProcessHandle self = ProcessHandle.current();
    return new OwnerProcess(ThisProcess.host(), self.pid(), started(self), namespace());
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Process ids mean the same process only within one boot and one pid namespace. */
  private static String namespace() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return boot + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** Whether the process with this name, as given by {@link #toString}, has certainly ended. */
  boolean isDead(String owner) {
    String[] parts = owner.split(" ", -1);
    if (parts.length != 4 || space.isEmpty() || !parts[3].equals(space)) {
      return false;
    }
    try {
      long otherPid = Long.parseLong(parts[1]);
      long otherStart = Long.parseLong(parts[2]);
      return ProcessHandle.of(otherPid)
          .map(process -> otherStart != 0 && started(process) != otherStart)
          .orElse(true);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return host + " " + pid + " " + started + " " + space;
  }
}
