package dev.warren.worker.supervise;

import dev.warren.worker.config.KillReason;

/**
 * That a child is ended by force.
 *
 * @param text what the log says
 */
record Killing(KillReason reason, String text) {}
