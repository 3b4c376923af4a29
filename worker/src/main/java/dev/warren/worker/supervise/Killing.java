package dev.warren.worker.supervise;

import dev.warren.worker.config.KillReason;

/**
 * The reason for which a child is killed.
 *
 * @param text the text for the log
 */
record Killing(KillReason reason, String text) {}
