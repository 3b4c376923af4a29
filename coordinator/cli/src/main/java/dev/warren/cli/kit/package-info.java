/**
 * The common parts of Warren's commands: reading options (from the command line, otherwise from the
 * environment), printing errors, exit codes, handling signals.
 *
 * <p>Door: {@link dev.warren.cli.kit.Program}, {@link dev.warren.cli.kit.CommandFailure}.
 */
@NullMarked
package dev.warren.cli.kit;

import org.jspecify.annotations.NullMarked;
