/**
 * This program's own code, as child processes need it: a class path, whatever the program was
 * started by. No threads of its own.
 *
 * <p>Door: {@link dev.warren.pool.code.ProgramCode}, {@link dev.warren.pool.code.InMemoryClasses}.
 */
@NullMarked
package dev.warren.pool.code;

import org.jspecify.annotations.NullMarked;
