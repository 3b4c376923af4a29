package dev.warren.worker.supervise.process;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.HostMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Evidence of a child's unplanned end. Immutable.
 *
 * @param exitCode as reported by the system; 128 + n for signal n
 * @param linkFault the fault of its link; null for none
 * @param outOfMemory whether the kernel or the JVM ended it because of memory, as far as is known
 * @param peakMemory highest resident bytes seen; 0 if unknown
 * @param memoryLimit the hard limit for which it was killed, in bytes; 0 for none
 * @param stderr its last lines
 * @param crash its JVM's crash report
 */
public record ExitEvidence(
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

  /** Number of the signal that killed it; 0 for none. */
  public int signal() {
    for (Map.Entry<Integer, String> signal : SIGNALS.entrySet()) {
      // a JVM that receives a fatal signal reports it and then exits in another way
      if (signal.getValue().equals(crash.signal())) {
        return signal.getKey();
      }
    }
    return exitCode > 128 && exitCode < 128 + 65 ? exitCode - 128 : 0;
  }

  /** Whether another process killed it, for a reason other than memory. */
  public boolean fromOutside() {
    return !outOfMemory && (signal() == 9 || signal() == 15);
  }

  /**
   * Describes the end in a few words: "was ended by SIGKILL". Omits name, process and host, which
   * have their own fields, so that the message of a failed call is the same in every run.
   */
  public String how() {
    if (memoryLimit > 0) {
      return "took more memory than its hard limit of "
          + HostMemory.mib(memoryLimit)
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

  /** The first line of its stderr, which is usually the reason if it did not start. */
  public String firstWords() {
    return stderr.isEmpty() ? "" : "; it said: " + stderr.get(0);
  }

  /** Its last lines of stderr, and its JVM's crash report. */
  private List<String> lastWords() {
    return Stream.concat(stderr.stream(), crash.head().stream()).toList();
  }

  /** Returns the failure of the call that was running. */
  public RemoteFailure failure(FailureKind kind, String message, int attempt) {
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
