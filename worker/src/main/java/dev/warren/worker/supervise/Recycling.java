package dev.warren.worker.supervise;

import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.link.RecycleHeader;

/**
 * The reason for which a child is recycled.
 *
 * @param text the text for the log, with the measured value
 */
record Recycling(RecycleReason reason, String text) {
  /** The reason of a child that asks to be recycled. */
  static Recycling asked(RecycleHeader header) {
    return RecycleReason.BROKEN_CLASS_PATH.label().equals(header.reason())
        ? new Recycling(
            RecycleReason.BROKEN_CLASS_PATH,
            "it could not load a class, and the files of its class path have changed since it"
                + " started")
        : new Recycling(RecycleReason.REQUESTED, "the call asked for it");
  }
}
