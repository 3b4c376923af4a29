package dev.warren.worker.supervise.calls;

import dev.warren.json.Lines;
import dev.warren.task.ChildContext;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.functions.FunctionPatterns;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which functions children in other languages may be asked to run: those whose names match
 * the worker's patterns, for tasks and for pools' initializers alike. Other calls are refused
 * before a child sees them. JVM children check for themselves. Confined to the loop.
 */
public final class ForeignCalls {
  /** Sent to a child that may run every function. */
  private static final List<String> EVERYTHING = List.of("**");

  private final boolean checks;
  private final List<String> texts;
  private final FunctionPatterns patterns;
  private @Nullable FunctionRef lastAllowed;

  public ForeignCalls(WorkerConfig config) {
    List<String> all = new ArrayList<>(config.functions());
    all.addAll(config.allow());
    boolean foreign = config.context() instanceof ChildContext.Command;
    // a local: pool may run whatever its own program asks for, unless the program restricts it
    boolean everything = config.appPath() == null && all.isEmpty();
    this.checks = foreign && !everything;
    this.texts = everything ? EVERYTHING : List.copyOf(all);
    this.patterns = FunctionPatterns.of(all);
  }

  /** The patterns of all functions that may be called, for SETUP. */
  public List<String> texts() {
    return texts;
  }

  /** Ends all calls of a task that must not run. Returns false if it may run. */
  public boolean refused(TaskCalls work) {
    if (!checks) {
      return false;
    }
    FunctionRef function = work.task().function();
    FunctionRef initializer = work.task().settings().initializer();
    FunctionRef wrong =
        !allows(function)
            ? function
            : initializer == null || allows(initializer) ? null : initializer;
    if (wrong == null) {
      return false;
    }
    Lines refusal =
        Lines.single(
            OutcomeLine.of(
                RemoteFailure.refusedHere(
                    wrong.shortName()
                        + " is not allowed here or does not exist: callable are the functions in the worker's"
                        + " --functions",
                    work.task().counts().attempt())));
    for (int index = 0; index < work.task().count(); index++) {
      if (!work.ended(index)) {
        work.outcomes(index, refusal, CallRun.NONE);
      }
    }
    return true;
  }

  private boolean allows(FunctionRef function) {
    if (function.equals(lastAllowed)) {
      return true;
    }
    boolean allowed = patterns.matches(function.className(), function.methodName());
    lastAllowed = allowed ? function : lastAllowed;
    return allowed;
  }
}
