/**
 * {@code warren dead}: an operator's view of the calls in a pool's dead-letter queue. Everything
 * runs on the main thread; a signal only sets a flag.
 *
 * <p>Door: {@link dev.warren.cli.dead.DeadCommand}.
 */
@NullMarked
package dev.warren.cli.dead;

import org.jspecify.annotations.NullMarked;
