/**
 * The threads of one pool, and how its work is put on them: timers, elastic threads for input,
 * decoding and callbacks in order.
 *
 * <p>Door: {@link dev.warren.pool.engine.threads.EngineThreads}, {@link
 * dev.warren.pool.engine.threads.Callbacks}, {@link dev.warren.pool.engine.threads.Decoding}.
 * Threads: see docs/THREADS.md.
 */
@NullMarked
package dev.warren.pool.engine.threads;

import org.jspecify.annotations.NullMarked;
