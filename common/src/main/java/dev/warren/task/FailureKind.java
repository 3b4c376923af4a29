package dev.warren.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How a call ended that has no value. The text form, in lower case, is what stands on the wire. */
public enum FailureKind {
  /** The function threw. */
  FAILED,
  /** Not run: function not found or not allowed, or the arguments do not convert. */
  REJECTED,
  /** Ran, but its result cannot be written as JSON or is over the size limit. */
  RESULT_NOT_SERIALIZABLE,
  /** Past its soft or hard time limit. */
  TIME_LIMIT,
  /** Its child process died under it, more often than its budget allows. */
  CHILD_LOST,
  /** The host that held it vanished, more often than its budget allows. */
  HOST_LOST,
  /** Not started before its expiry. */
  EXPIRED,
  /** Cancelled by its owner. */
  CANCELLED,
  /** No child could be initialised for its pool's settings. */
  INITIALIZER_FAILED,
  /** Its pool was terminated first; made by the owner, never seen on the wire. */
  POOL_TERMINATED,
  /** Its broker was unreachable for too long; made by the owner, never seen on the wire. */
  BROKER_UNAVAILABLE;

  /** The form on the wire: {@code time_limit}. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Reads the form on the wire; an unknown one is {@link #FAILED}, so that newer workers can add
   * kinds.
   */
  @JsonCreator
  public static FailureKind ofWire(String text) {
    for (FailureKind kind : values()) {
      if (kind.wire().equals(text)) {
        return kind;
      }
    }
    return FAILED;
  }
}
