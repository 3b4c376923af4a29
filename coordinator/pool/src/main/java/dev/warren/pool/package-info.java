/**
 * The public API: a pool, its results and its exceptions.
 *
 * <p>Door: all public types, {@code Pool} first.
 */
@NullMarked
package dev.warren.pool;

import org.jspecify.annotations.NullMarked;
