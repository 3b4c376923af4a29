package dev.warren.worker.supervise.process;

import java.util.concurrent.CompletableFuture;

/** What runs a child: a process of the system, or a thread of this one. Thread-safe. */
public interface ChildProcess {

  /** Process id; 0 for a thread. */
  long pid();

  /** Ends it and whatever it started, by force. Does not wait. */
  void kill();

  /** Completes with the exit code, 128 + signal for a killed process, once it has ended. */
  CompletableFuture<Integer> exit();

  OutputCapture output();

  /** What it wrote of its own crash; complete once {@link #exit()} is. */
  default CrashReport crash() {
    return CrashReport.NONE;
  }
}
