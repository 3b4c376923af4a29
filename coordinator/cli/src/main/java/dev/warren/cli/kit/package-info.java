/**
 * What all of Warren's commands share: how options are read (from the command line, else from the
 * environment), how errors look, which exit codes there are, how signals are heard.
 *
 * <p>Door: {@link dev.warren.cli.kit.Program}, {@link dev.warren.cli.kit.CommandFailure}.
 */
@NullMarked
package dev.warren.cli.kit;

import org.jspecify.annotations.NullMarked;
