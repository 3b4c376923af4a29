/**
 * Which functions may be called: patterns over their names, and what the class files of {@code
 * --app} hold. Used by the command line, the supervisor and the child; its door is {@link
 * dev.warren.worker.functions.FunctionPatterns} and {@link dev.warren.worker.functions.AppCode}. No
 * threads of its own.
 */
@NullMarked
package dev.warren.worker.functions;

import org.jspecify.annotations.NullMarked;
