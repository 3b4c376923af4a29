/**
 * Access to the management plug-in, for commands.
 *
 * <p>Door: {@link dev.warren.cli.management.ManagementApi}.
 */
@NullMarked
package dev.warren.cli.management;

import org.jspecify.annotations.NullMarked;
