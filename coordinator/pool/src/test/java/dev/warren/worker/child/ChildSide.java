package dev.warren.worker.child;

import dev.warren.json.Values;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.child.call.AllowedCode;
import dev.warren.worker.child.call.Arguments;
import dev.warren.worker.child.call.ExceptionReader;
import dev.warren.worker.child.call.FailureWriter;
import dev.warren.worker.child.call.FunctionFinder;
import dev.warren.worker.child.call.ResultWriter;
import dev.warren.worker.child.call.TargetMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts arguments and results as a child does, for tests of both sides in one process. */
public final class ChildSide {
  private final FunctionFinder functions;
  private final ResultWriter results =
      new ResultWriter(
          new FailureWriter(
              new RemoteFailure.Where("h", 1, "c"), new ExceptionReader(ExceptionReader.WITHIN)),
          100_000_000);

  /** With Warren's default mapper, and every function allowed. */
  public ChildSide() {
    this.functions =
        new FunctionFinder(
            AllowedCode.of(null, List.of(), List.of()),
            ChildSide.class.getClassLoader(),
            Values::standard);
  }

  /**
   * Reads the arguments of a call.
   *
   * @throws RuntimeException if they are rejected
   */
  public @Nullable Object[] arguments(FunctionRef function, Payload line) {
    return Arguments.read(functions.find(function).select(null, line, true), null, line, true);
  }

  /** Returns the outcome line of a result. */
  public Payload outcome(FunctionRef function, Payload line, @Nullable Object result) {
    TargetMethod callee = functions.find(function).select(null, line, true);
    RemoteFailure failure = results.write(callee, result, true, 1);
    if (failure != null) {
      return OutcomeLine.of(failure);
    }
    byte[] copy = new byte[(int) results.line().size()];
    System.arraycopy(results.line().array(), 0, copy, 0, copy.length);
    return Payload.of(copy);
  }
}
