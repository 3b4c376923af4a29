/**
 * The command line: {@code warren map}, {@code worker}, {@code demo}, {@code dead}.
 *
 * <p>Threads: the main thread takes outcomes and writes them; a pool's thread reads the input; one
 * timer flushes the output and shows progress.
 *
 * <p>Door: {@link dev.warren.cli.WarrenMain}.
 */
@NullMarked
package dev.warren.cli;

import org.jspecify.annotations.NullMarked;
