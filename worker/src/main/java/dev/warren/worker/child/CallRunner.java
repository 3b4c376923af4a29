package dev.warren.worker.child;

import dev.warren.json.LineBuffer;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.worker.child.call.Arguments;
import dev.warren.worker.child.call.ClassPathWatch;
import dev.warren.worker.child.call.FailureWriter;
import dev.warren.worker.child.call.FunctionFinder;
import dev.warren.worker.child.call.Overloads;
import dev.warren.worker.child.call.Rejection;
import dev.warren.worker.child.call.ResultWriter;
import dev.warren.worker.child.call.TargetMethod;
import dev.warren.worker.child.call.ThreadState;
import dev.warren.worker.child.loop.CallBatch;
import dev.warren.worker.child.loop.CallIntake;
import dev.warren.worker.child.loop.CallQueue;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.link.CallsHeader;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls one after another: reads arguments, invokes the function, writes the outcome. Confined
 * to the main thread, and not ended by anything that user code throws.
 */
final class CallRunner {
  private final CallQueue queue;
  private final CallIntake intake;
  private final FunctionFinder functions;
  private final ClassPathWatch classPath;
  private final FailureWriter failures;
  private final CallContext context;
  private final TimeSource time;
  private final ResultWriter results;

  /**
   * The callable code.
   *
   * @param classPath watches the files that it is loaded from
   */
  record Code(FunctionFinder functions, ClassPathWatch classPath) {}

  CallRunner(
      CallQueue queue,
      CallIntake intake,
      Code code,
      FailureWriter failures,
      CallContext context,
      TimeSource time,
      int maxResultBytes) {
    this.queue = queue;
    this.intake = intake;
    this.functions = code.functions();
    this.classPath = code.classPath();
    this.failures = failures;
    this.context = context;
    this.time = time;
    this.results = new ResultWriter(failures, maxResultBytes);
  }

  /** Runs calls until the supervisor ends the child. */
  void run() {
    context.bind();
    ThreadState state = ThreadState.ofCurrent();
    try {
      for (CallBatch batch = intake.take(); batch != null; batch = intake.take()) {
        runAll(batch, state);
      }
    } finally {
      context.unbind();
    }
  }

  private void runAll(CallBatch batch, ThreadState state) {
    Overloads overloads = null;
    Rejection rejection = null;
    try {
      overloads = functions.find(batch.function);
    } catch (Rejection e) {
      rejection = e;
    } catch (Throwable e) {
      rejection = new Rejection(batch.function + " cannot be loaded: " + ExceptionText.text(e), e);
    }
    context.enterBatch(batch);
    CallQueue.Next next = queue.begin(time.nanos());
    for (int i = 0; i < batch.count(); i++) {
      state.restore();
      next =
          switch (next) {
            case RUN ->
                overloads == null ? reject(batch, rejection, true) : runOne(batch, i, overloads);
            case CANCELLED -> fail(failures.cancelled(batch.header.attempt()), time.nanos());
            case NONE, QUIT -> CallQueue.Next.QUIT;
          };
    }
  }

  private CallQueue.Next reject(CallBatch batch, @Nullable Rejection why, boolean lookup) {
    queue.end();
    Rejection rejection = why == null ? new Rejection("no function") : why;
    leaveIfBroken(rejection, lookup);
    return fail(failures.rejected(rejection, lookup, batch.header.attempt()), time.nanos());
  }

  /** Runs one call and hands in its outcome; returns what to do next. */
  private CallQueue.Next runOne(CallBatch batch, int i, Overloads overloads) {
    RemoteFailure failure;
    try {
      Payload own = batch.args.get(i);
      TargetMethod callee = overloads.select(batch.captured, own, batch.header.strictJson());
      CallsHeader header = batch.header;
      @Nullable Object[] args = Arguments.read(callee, batch.captured, own, header.strictJson());
      failure = results.write(callee, callee.invoke(args), header.strictJson(), header.attempt());
    } catch (Rejection e) {
      return reject(batch, e, false);
    } catch (Throwable e) {
      failure = failure(e, queue.end(), batch);
      if (failures.leftThread()) {
        context.requestRecycle();
      }
    }
    if (failure == null) {
      LineBuffer line = results.line();
      return queue.outcome(line.array(), (int) line.size(), time.nanos());
    }
    queue.end();
    return fail(failure, time.nanos());
  }

  /** Asks for recycling, and returns the calls that would fail for the same reason. */
  private void leaveIfBroken(Throwable thrown, boolean lookup) {
    if (classPath.isBroken(thrown, lookup)) {
      context.requestRecycle(RecycleReason.BROKEN_CLASS_PATH);
      queue.withdraw();
    }
  }

  private RemoteFailure failure(Throwable thrown, CallQueue.Strike strike, CallBatch batch) {
    leaveIfBroken(thrown, false);
    if (thrown instanceof OutOfMemoryError) {
      context.requestRecycle();
    }
    return switch (strike) {
      case NONE -> failures.failed(thrown, batch.header.attempt(), batch.header.retryOn());
      case SOFT_LIMIT -> failures.softLimit(thrown, batch.header, queue.ranNanos());
      case CANCEL -> failures.cancelled(thrown, batch.header.attempt());
    };
  }

  private CallQueue.Next fail(RemoteFailure failure, long now) {
    byte[] json = failures.line(failure);
    return queue.outcome(json, json.length, now);
  }
}
