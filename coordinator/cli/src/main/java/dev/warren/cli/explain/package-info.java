/**
 * {@code warren explain}: what happened to one call.
 *
 * <p>Door: {@link dev.warren.cli.explain.ExplainCommand}. The main thread.
 */
@NullMarked
package dev.warren.cli.explain;

import org.jspecify.annotations.NullMarked;
