/**
 * Which functions may be called: patterns for their names, and the content of {@code --app}'s class
 * files. Used by the command line, the supervisor and the child. No threads of its own.
 *
 * <p>Door: {@link dev.warren.worker.functions.FunctionPatterns}, {@link
 * dev.warren.worker.functions.AppCode}.
 */
@NullMarked
package dev.warren.worker.functions;

import org.jspecify.annotations.NullMarked;
