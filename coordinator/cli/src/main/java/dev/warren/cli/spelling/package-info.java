/**
 * Suggestions for misspelt options, commands and functions.
 *
 * <p>Threads: the caller's. Door: {@link dev.warren.cli.spelling.Closest}.
 */
@NullMarked
package dev.warren.cli.spelling;

import org.jspecify.annotations.NullMarked;
