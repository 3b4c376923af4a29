/**
 * {@code warren map}: reads calls, runs them in a pool, writes outcomes and shows progress.
 *
 * <p>Threads: the main thread takes outcomes and writes them; a pool thread reads the input; one
 * timer flushes the output and shows progress.
 *
 * <p>Door: {@link dev.warren.cli.map.MapCommand}.
 */
@NullMarked
package dev.warren.cli.map;

import org.jspecify.annotations.NullMarked;
