package dev.warren.worker.supervise;

import dev.warren.worker.RecycleReason;

/**
 * That a child is to be replaced by plan.
 *
 * @param text what the log says, with what was measured
 */
record Recycling(RecycleReason reason, String text) {}
