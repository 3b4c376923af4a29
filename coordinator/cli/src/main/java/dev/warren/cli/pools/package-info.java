/**
 * {@code warren pools}: what pools there are on a broker, and how they go. All of it on the main
 * thread.
 *
 * <p>Door: {@link dev.warren.cli.pools.PoolsCommand}.
 */
@NullMarked
package dev.warren.cli.pools;

import org.jspecify.annotations.NullMarked;
