/**
 * {@code warren status} and {@code warren top}: what a pool does now, once or continuously, from a
 * coordinator or, without one, from what its workers report. Confined to the main thread, except
 * where a class says otherwise.
 *
 * <p>Door: {@link dev.warren.cli.watch.StatusCommand}, {@link dev.warren.cli.watch.TopCommand}.
 */
@NullMarked
package dev.warren.cli.watch;

import org.jspecify.annotations.NullMarked;
