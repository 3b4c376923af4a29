package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The child process died during the call, more often than its budget ({@code childLost}) allows.
 * The evidence is that of the last death.
 */
public final class ChildLostException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  ChildLostException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }

  /** Exit code of the child; empty if a signal ended it or the code is unknown. */
  public OptionalInt exitCode() {
    return number("exitCode");
  }

  /** Number of the signal that ended the child, 9 for SIGKILL; empty if none did. */
  public OptionalInt signal() {
    return number("signal");
  }

  /**
   * Whether the child ended because memory ran out: in its heap, its container or its host, or
   * because it exceeded its worker's {@linkplain #memoryLimit() hard limit}.
   */
  public boolean outOfMemory() {
    return Boolean.TRUE.equals(failure().details().get("oom"));
  }

  /** The last lines that the child wrote to stderr, oldest first. */
  public List<String> stderr() {
    return failure().details().get("stderr") instanceof List<?> lines
        ? lines.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Highest observed resident memory of the child, in bytes; empty if it was not observed. */
  public OptionalLong peakMemory() {
    return failure().details().get("peakMemoryBytes") instanceof Number bytes
        ? OptionalLong.of(bytes.longValue())
        : OptionalLong.empty();
  }

  /**
   * The worker's hard memory limit for which the child was killed, in bytes; empty if it was not
   * killed for that.
   */
  public OptionalLong memoryLimit() {
    return failure().details().get("memoryLimitBytes") instanceof Number bytes
        ? OptionalLong.of(bytes.longValue())
        : OptionalLong.empty();
  }

  /** The child's process id; 0 if unknown. */
  public long pid() {
    return where().map(RemoteFailure.Where::pid).orElse(0L);
  }

  /** The host on which the child died; empty if unknown. */
  public String host() {
    return where().map(RemoteFailure.Where::host).orElse("");
  }

  private OptionalInt number(String name) {
    return failure().details().get(name) instanceof Number number
        ? OptionalInt.of(number.intValue())
        : OptionalInt.empty();
  }
}
