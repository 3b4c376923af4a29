/**
 * The owner's side of one open pool: its life cycle and open jobs, and what it learns about workers
 * and broker. Its subpackages are the way of calls to the workers and of outcomes back. It moves
 * bytes; arguments are converted in {@link dev.warren.pool.engine.function.ArgumentWriter}, results
 * by the pool itself.
 *
 * <p>Door, for package {@code pool} only: {@link dev.warren.pool.engine.Engine}, {@link
 * dev.warren.pool.engine.LazyJob}. Threads: see docs/THREADS.md.
 */
@NullMarked
package dev.warren.pool.engine;

import org.jspecify.annotations.NullMarked;
