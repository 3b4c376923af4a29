/**
 * What commands ask of the management plug-in.
 *
 * <p>Door: {@link dev.warren.cli.management.ManagementApi}.
 */
@NullMarked
package dev.warren.cli.management;

import org.jspecify.annotations.NullMarked;
