/**
 * How calls are cut into messages: chunk sizes from measured call times, the window of calls under
 * way, and what is held back.
 *
 * <p>Door, for package {@code engine} only: {@link dev.warren.pool.engine.submit.ChunkPlan}, {@link
 * dev.warren.pool.engine.submit.Window}, {@link dev.warren.pool.engine.submit.Packing}.
 */
@NullMarked
package dev.warren.pool.engine.submit;

import org.jspecify.annotations.NullMarked;
