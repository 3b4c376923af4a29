/**
 * Child processes as the operating system sees them: starting and killing their trees, their links,
 * output, memory and last words. Processes are started here and in the archive's training run only.
 *
 * <p>Door: {@link dev.warren.worker.supervise.process.ChildProcess}, {@link
 * dev.warren.worker.supervise.process.ChildLink}, {@link
 * dev.warren.worker.supervise.process.ProcessTree}.
 */
@NullMarked
package dev.warren.worker.supervise.process;

import org.jspecify.annotations.NullMarked;
