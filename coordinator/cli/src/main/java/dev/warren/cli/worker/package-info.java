/**
 * {@code warren worker}: options, start, readiness files and orderly end of a worker process.
 *
 * <p>Door: {@link dev.warren.cli.worker.WorkerCommand}. Runs on the main thread; a shutdown hook
 * drains.
 */
@NullMarked
package dev.warren.cli.worker;

import org.jspecify.annotations.NullMarked;
