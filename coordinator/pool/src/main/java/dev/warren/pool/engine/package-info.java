/**
 * The path of calls from a pool to its workers, and of outcomes back: submission, pending calls,
 * results in order or as they arrive, cancelling, the watch for lost tasks, callbacks. It moves
 * bytes; arguments and results are converted in {@link
 * dev.warren.pool.engine.function.FunctionReader}, {@link
 * dev.warren.pool.engine.function.ArgumentWriter} and by the pool itself.
 *
 * <p>Door, for package {@code pool} only: {@link dev.warren.pool.engine.Engine}, {@link
 * dev.warren.pool.engine.LazyJob}, {@link dev.warren.pool.engine.function.FunctionReader}. Threads:
 * see docs/THREADS.md.
 */
@NullMarked
package dev.warren.pool.engine;

import org.jspecify.annotations.NullMarked;
