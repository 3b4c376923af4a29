package dev.warren.worker.supervise.process;

import java.util.concurrent.CompletableFuture;

/** A child's process: a process of the system, or a thread of this one. Thread-safe. */
public interface ChildProcess {

  /** Process id; 0 for a thread. */
  long pid();

  /** Kills it and everything it started. Does not wait. */
  void kill();

  /** Completes with the exit code, 128 + signal for a killed process, once it has ended. */
  CompletableFuture<Integer> exit();

  OutputCapture output();

  /** Its JVM's crash report; complete once {@link #exit()} is. */
  default CrashReport crash() {
    return CrashReport.NONE;
  }
}
