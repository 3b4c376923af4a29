/**
 * The command line: {@code warren map}, {@code worker}, {@code demo}, {@code dead}, {@code pools},
 * {@code functions} and {@code doctor}.
 *
 * <p>Threads: the main thread consumes outcomes and writes them; a thread of the pool reads the
 * input; one timer flushes the output and shows progress.
 *
 * <p>Door: {@link dev.warren.cli.WarrenMain}.
 */
@NullMarked
package dev.warren.cli;

import org.jspecify.annotations.NullMarked;
