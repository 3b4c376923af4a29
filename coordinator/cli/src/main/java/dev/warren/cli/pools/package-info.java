/**
 * {@code warren pools}: lists, purges and deletes the pools of a broker. Everything runs on the
 * main thread.
 *
 * <p>Door: {@link dev.warren.cli.pools.PoolsCommand}.
 */
@NullMarked
package dev.warren.cli.pools;

import org.jspecify.annotations.NullMarked;
