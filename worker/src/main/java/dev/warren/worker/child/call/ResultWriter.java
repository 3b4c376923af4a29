package dev.warren.worker.child.call;

import dev.warren.json.LineBuffer;
import dev.warren.json.ValueException;
import dev.warren.task.RemoteFailure;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes results as outcome lines, each into the same buffer, and refuses results that JSON cannot
 * carry or that are too large. Confined to the thread that runs calls.
 */
public final class ResultWriter {
  private static final byte[] VALUE = "{\"value\":".getBytes(StandardCharsets.UTF_8);
  private static final int OUTCOME_INITIAL = 8 * 1024;

  private final FailureWriter failures;
  private final int maxResultBytes;
  private final LineBuffer line;

  public ResultWriter(FailureWriter failures, int maxResultBytes) {
    this.failures = failures;
    this.maxResultBytes = maxResultBytes;
    this.line = new LineBuffer(OUTCOME_INITIAL, maxResultBytes);
  }

  /**
   * Writes the outcome line of a value; returns a failure if that is impossible.
   *
   * @param strictly whether it will be read strictly
   */
  public @Nullable RemoteFailure write(
      TargetMethod callee, @Nullable Object result, boolean strictly, int attempt) {
    line.clear();
    line.write(VALUE);
    try {
      callee.json().write(result, line, strictly);
    } catch (ValueException e) {
      return failures.notSerializable(result, e, attempt);
    }
    line.write('}');
    return line.overflowed()
        ? failures.tooLarge(result, line.size(), maxResultBytes, attempt)
        : null;
  }

  /** The line written last; overwritten by the next one. */
  public LineBuffer line() {
    return line;
  }
}
