package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The child process died under the call, more often than its budget ({@code childLost}) allows. The
 * evidence is that of the last death.
 */
public final class ChildLostException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  ChildLostException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }

  /** Exit code of the child; empty where a signal ended it or nothing is known. */
  public OptionalInt exitCode() {
    return number("exitCode");
  }

  /** Number of the signal that ended the child, 9 for SIGKILL; empty where none did. */
  public OptionalInt signal() {
    return number("signal");
  }

  /**
   * Whether the child ended because memory ran out: its heap's, its container's, its host's, or
   * what its worker's {@linkplain #memoryLimit() hard limit} allowed.
   */
  public boolean outOfMemory() {
    return Boolean.TRUE.equals(failure().details().get("oom"));
  }

  /** The child's last lines on stderr, oldest first. */
  public List<String> stderr() {
    return failure().details().get("stderr") instanceof List<?> lines
        ? lines.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Highest resident memory seen of the child, in bytes; empty where it was not seen. */
  public OptionalLong peakMemory() {
    return failure().details().get("peakMemoryBytes") instanceof Number bytes
        ? OptionalLong.of(bytes.longValue())
        : OptionalLong.empty();
  }

  /**
   * The worker's hard memory limit for which the child was killed, in bytes; empty where it ended
   * otherwise.
   */
  public OptionalLong memoryLimit() {
    return failure().details().get("memoryLimitBytes") instanceof Number bytes
        ? OptionalLong.of(bytes.longValue())
        : OptionalLong.empty();
  }

  /** The child's process id; 0 where it is not known. */
  public long pid() {
    return where().map(RemoteFailure.Where::pid).orElse(0L);
  }

  /** The host on which it died; empty text where it is not known. */
  public String host() {
    return where().map(RemoteFailure.Where::host).orElse("");
  }

  private OptionalInt number(String name) {
    return failure().details().get(name) instanceof Number number
        ? OptionalInt.of(number.intValue())
        : OptionalInt.empty();
  }
}
