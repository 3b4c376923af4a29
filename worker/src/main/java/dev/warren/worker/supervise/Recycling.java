package dev.warren.worker.supervise;

import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.link.RecycleHeader;

/**
 * That a child is to be replaced by plan.
 *
 * @param text what the log says, with what was measured
 */
record Recycling(RecycleReason reason, String text) {
  /** What a child asks for. */
  static Recycling asked(RecycleHeader header) {
    return RecycleReason.BROKEN_CLASS_PATH.label().equals(header.reason())
        ? new Recycling(
            RecycleReason.BROKEN_CLASS_PATH,
            "it could not load a class, and the files of its class path have changed since it"
                + " started")
        : new Recycling(RecycleReason.REQUESTED, "the call asked for it");
  }
}
