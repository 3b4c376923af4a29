/**
 * The public API: a pool and what it gives back.
 *
 * <p>Door: all public types, {@code Pool} first.
 */
@NullMarked
package dev.warren.pool;

import org.jspecify.annotations.NullMarked;
