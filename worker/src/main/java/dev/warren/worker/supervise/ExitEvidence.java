package dev.warren.worker.supervise;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.supervise.process.CrashReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a child's unplanned end. Immutable.
 *
 * @param exitCode as the system tells it; 128 + n for signal n
 * @param linkFault what was wrong with its link, or null
 * @param outOfMemory whether the kernel or the JVM ended it for want of memory, as far as can be
 *     told
 * @param peakMemory highest resident bytes seen; 0 where unknown
 * @param memoryLimit the hard limit for which it was killed, in bytes; 0 where it was not
 * @param stderr its last lines
 * @param crash what its JVM wrote of its own crash
 */
record ExitEvidence(
    RemoteFailure.Where where,
    int exitCode,
    @Nullable String linkFault,
    boolean outOfMemory,
    long peakMemory,
    long memoryLimit,
    List<String> stderr,
    CrashReport crash) {
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8,
          "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  /** Signal that ended it, or 0. */
  int signal() {
    for (Map.Entry<Integer, String> signal : SIGNALS.entrySet()) {
      // a JVM hears the signal, reports it, and then ends itself in another way
      if (signal.getValue().equals(crash.signal())) {
        return signal.getKey();
      }
    }
    return exitCode > 128 && exitCode < 128 + 65 ? exitCode - 128 : 0;
  }

  /** Whether somebody else ended it, and not for the memory that it took. */
  boolean fromOutside() {
    return !outOfMemory && (signal() == 9 || signal() == 15);
  }

  /**
   * How it ended, in a few words: "was ended by SIGKILL". Without its name, process and host, which
   * have their own place: what is told of a call is to be the same in every run.
   */
  String how() {
    if (memoryLimit > 0) {
      return "took more memory than its hard limit of "
          + MemoryGuard.mib(memoryLimit)
          + " and was killed";
    }
    StringBuilder text = new StringBuilder();
    if (linkFault != null) {
      text.append("broke its link (").append(linkFault).append(") and ");
    }
    if (signal() != 0) {
      text.append("was ended by ").append(SIGNALS.getOrDefault(signal(), "signal " + signal()));
    } else {
      text.append("exited with code ").append(exitCode);
    }
    if (outOfMemory) {
      text.append(", out of memory");
    }
    return text.toString();
  }

  /** What it said first on stderr: for one that did not start, that is most often the reason. */
  String firstWords() {
    return stderr.isEmpty() ? "" : "; it said: " + stderr.get(0);
  }

  /** Its last lines, and where its JVM crashed. */
  private List<String> lastWords() {
    return Stream.concat(stderr.stream(), crash.head().stream()).toList();
  }

  /** The failure of a call that this end has cost. */
  RemoteFailure failure(FailureKind kind, String message, int attempt) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("exitCode", exitCode);
    if (signal() != 0) {
      details.put("signal", signal());
    }
    details.put("oom", outOfMemory);
    details.put("peakMemoryBytes", peakMemory);
    if (memoryLimit > 0) {
      details.put("memoryLimitBytes", memoryLimit);
    }
    details.put("stderr", lastWords());
    return RemoteFailure.of(kind, message, attempt).withWhere(where).withDetails(details);
  }
}
