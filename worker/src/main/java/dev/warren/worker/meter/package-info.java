/**
 * What a worker counts and measures: the definitions of its meters, and the reasons that are their
 * labels.
 *
 * <p>Threads: {@link dev.warren.worker.meter.WorkerMeters} is written on the worker's loop; its
 * values are read on any thread.
 *
 * <p>Door: {@link dev.warren.worker.meter.WorkerMeters}.
 */
@NullMarked
package dev.warren.worker.meter;

import org.jspecify.annotations.NullMarked;
