/**
 * The workers of a pool as a service sees them, from their heartbeats and reports.
 *
 * <p>Door: {@link dev.warren.service.workers.WorkerTable}, {@link
 * dev.warren.service.workers.WorkerState}, {@link dev.warren.service.workers.WorkerView}.
 */
@NullMarked
package dev.warren.service.workers;

import org.jspecify.annotations.NullMarked;
