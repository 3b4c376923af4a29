/**
 * Turns a function object and its arguments into what travels: a name with captured variables, and
 * JSON lines.
 *
 * <p>Door: {@link dev.warren.pool.engine.function.FunctionReader}, {@link
 * dev.warren.pool.engine.function.ArgumentWriter}. Runs on the caller's thread.
 */
@NullMarked
package dev.warren.pool.engine.function;

import org.jspecify.annotations.NullMarked;
