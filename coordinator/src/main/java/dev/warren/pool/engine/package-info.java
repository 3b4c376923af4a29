/**
 * How calls get from a pool to its workers and their outcomes back: submission, pending calls,
 * results in order or as they come, cancelling, the watch over lost tasks, callbacks. It moves
 * bytes: what arguments and results mean is read and written in {@link
 * dev.warren.pool.engine.FunctionReader}, {@link dev.warren.pool.engine.ArgumentWriter} and by the
 * pool itself.
 *
 * <p>Door, for package {@code pool} only: {@link dev.warren.pool.engine.Engine}, {@link
 * dev.warren.pool.engine.LazyRun}, {@link dev.warren.pool.engine.FunctionReader}. Threads: see
 * docs/THREADS.md.
 */
@NullMarked
package dev.warren.pool.engine;

import org.jspecify.annotations.NullMarked;
