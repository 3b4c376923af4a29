/**
 * The child process: finds functions by name, runs calls one at a time, watches its parent. It
 * knows its link and nothing of brokers.
 *
 * <p>Threads: {@code main} runs the calls, {@code child-reader} reads the link and ends the process
 * with it, {@code child-ticker} sends what waits and strikes at soft time limits. They meet in
 * {@link dev.warren.worker.child.CallDesk}.
 *
 * <p>Door: {@link dev.warren.worker.child.ChildMain}. Start-up time counts here: no logging, no
 * lambdas and no databind before the first call that needs it.
 */
@NullMarked
package dev.warren.worker.child;

import org.jspecify.annotations.NullMarked;
