/**
 * What all of Warren's commands share: how options are read (from the command line, else from the
 * environment), how errors look, which exit codes there are, how signals are heard.
 *
 * <p>Door: {@link dev.warren.worker.command.Program}, {@link
 * dev.warren.worker.command.CommandFailure}.
 */
@NullMarked
package dev.warren.worker.command;

import org.jspecify.annotations.NullMarked;
