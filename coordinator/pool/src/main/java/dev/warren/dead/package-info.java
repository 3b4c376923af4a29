/**
 * A pool's dead-letter queue for programs: reading it, removing messages, and returning calls to
 * the task queue. Prints nothing; the commands {@code warren dead} do.
 *
 * <p>Door: {@link dev.warren.dead.DeadQueue}, {@link dev.warren.dead.DeadLetter}, {@link
 * dev.warren.dead.Redrive}.
 */
@NullMarked
package dev.warren.dead;

import org.jspecify.annotations.NullMarked;
