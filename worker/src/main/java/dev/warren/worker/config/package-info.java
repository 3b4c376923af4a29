/**
 * The configuration of a worker, with its defaults, limits and events, and the reasons for which
 * children are killed or recycled.
 *
 * <p>Door: {@link dev.warren.worker.config.WorkerConfig}, {@link
 * dev.warren.worker.config.WorkerEvent}. Immutable; no threads.
 */
@NullMarked
package dev.warren.worker.config;

import org.jspecify.annotations.NullMarked;
