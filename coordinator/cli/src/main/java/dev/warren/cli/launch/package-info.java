/**
 * Starts the program from the single runnable jar. Uses only the JDK, since the program's jars are
 * still inside that jar.
 *
 * <p>Threads: the main thread. Door: {@link dev.warren.cli.launch.JarLauncher}.
 */
@NullMarked
package dev.warren.cli.launch;

import org.jspecify.annotations.NullMarked;
