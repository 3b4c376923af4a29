/**
 * Groups of options that several commands share, beyond those that all commands have: options of
 * calls, the store of jobs, the coordinator to speak to.
 *
 * <p>Door: all types.
 */
@NullMarked
package dev.warren.cli.options;

import org.jspecify.annotations.NullMarked;
