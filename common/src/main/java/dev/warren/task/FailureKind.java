package dev.warren.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Why a call ended without a value. On the wire the kind is its name in lower case. */
public enum FailureKind {
  /** The function threw. */
  FAILED,
  /** Not run: function not found or not allowed, or arguments of the wrong type. */
  REJECTED,
  /** Ran, but its result cannot be written as JSON or exceeds the size limit. */
  RESULT_NOT_SERIALIZABLE,
  /** Exceeded its soft or hard time limit. */
  TIME_LIMIT,
  /** Its child process died during the call, more often than its budget allows. */
  CHILD_LOST,
  /** The host that held it was lost, more often than its budget allows. */
  HOST_LOST,
  /** Not started before its expiry. */
  EXPIRED,
  CANCELLED,
  /** No child could be initialized for its pool's settings. */
  INITIALIZER_FAILED,
  /** Its pool was terminated first. Created by the owner; never on the wire. */
  POOL_TERMINATED,
  /** Its broker was unreachable for too long. Created by the owner; never on the wire. */
  BROKER_UNAVAILABLE;

  /** The form on the wire: {@code time_limit}. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Parses the form on the wire. An unknown kind becomes {@link #FAILED}, so that newer workers can
   * add kinds.
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
