package dev.warren.wire.control;

import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Limits of control and event messages, shared by senders and readers. A message that exceeds a
 * limit is not read.
 */
public final class ControlLimits {
  /** Maximum bytes of a body. */
  public static final int BODY_BYTES = 256 * 1024;

  /** Maximum number of message ids in one list. */
  public static final int IDS = 2000;

  /**
   * Maximum number of call ranges in a cancel message; their text always fits {@link #BODY_BYTES}.
   */
  public static final int RANGES = 6000;

  /** Maximum characters of a message id, a queue, a host or a worker's name. */
  public static final int NAME = 255;

  /** Maximum slots of one worker. */
  static final int SLOTS = 100_000;

  /** Maximum time between two heartbeats, in milliseconds. */
  static final long INTERVAL_MS = 300_000;

  private ControlLimits() {}

  static void checkBody(Message message) {
    int length = message.body().length();
    if (length > BODY_BYTES) {
      throw new WireFormatException(
          "the body has " + length + " bytes; must be at most " + BODY_BYTES);
    }
  }

  static String name(String field, @Nullable String name) {
    if (name == null || name.isEmpty() || name.length() > NAME) {
      throw new WireFormatException(
          field
              + (name == null || name.isEmpty()
                  ? " is missing"
                  : " has " + name.length() + " characters; must be at most " + NAME));
    }
    return name;
  }

  static void optional(String field, @Nullable String name) {
    if (name != null) {
      name(field, name);
    }
  }

  static void ids(String field, Iterable<String> ids) {
    int count = 0;
    for (String id : ids) {
      name(field, id);
      if (++count > IDS) {
        throw new WireFormatException(field + " has more than " + IDS + " ids");
      }
    }
  }

  static void number(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new WireFormatException(field + " is " + value + "; must be " + min + " to " + max);
    }
  }
}
