/**
 * The way of calls to the workers: calls are submitted one by one or read from an input, cut into
 * messages by measured call times, as many as the window allows, published, and cancelled.
 *
 * <p>Door, for package {@code engine}: {@link dev.warren.pool.engine.submit.Submission}, {@link
 * dev.warren.pool.engine.submit.InputFeed}, {@link dev.warren.pool.engine.submit.Canceller}.
 */
@NullMarked
package dev.warren.pool.engine.submit;

import org.jspecify.annotations.NullMarked;
