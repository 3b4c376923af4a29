/**
 * {@code warren dead}: what an operator does with the calls that ended in a pool's dead queue. All
 * of it on the main thread; a signal only sets a flag.
 *
 * <p>Door: {@link dev.warren.cli.dead.DeadCommand}.
 */
@NullMarked
package dev.warren.cli.dead;

import org.jspecify.annotations.NullMarked;
