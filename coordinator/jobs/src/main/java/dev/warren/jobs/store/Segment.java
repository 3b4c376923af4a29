package dev.warren.jobs.store;

import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;

/**
 * What one commit adds to a job's history. Immutable.
 *
 * @param seq position in the history, from 0; of a segment that is not stored yet, ignored
 * @param calls numbers of the calls, in the order of the body's lines
 * @param body depends on the kind
 */
public record Segment(long seq, Kind kind, CallRanges calls, Payload body) {

  /** What a segment says about its calls. The stored codes are the constants' {@link #code}. */
  public enum Kind {
    /** They are about to be published; the body tells in which messages. */
    PUBLISHED(1),
    /** They have ended; the body has an outcome line for each. */
    OUTCOMES(2),
    /** They are to run again, in a new round; the body is empty. */
    RESET(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    /** The kind with this code. */
    public static Kind ofCode(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of segment has the code " + code);
    }
  }
}
