/**
 * The child process: finds functions by name, runs calls one at a time, watches its parent. It
 * knows its link but no broker.
 *
 * <p>Threads: {@code main} runs the calls and reads the link when it has none; {@code
 * child-watcher} reads during long calls, flushes outcomes and enforces soft time limits. They
 * share {@link dev.warren.worker.child.loop.CallQueue} and {@link
 * dev.warren.worker.child.loop.CallIntake}; the thread that reads the link's end exits the process.
 *
 * <p>Door: {@link dev.warren.worker.child.ChildMain}. Start-up time matters here: no logging, no
 * lambdas and no databind before the first call that needs it.
 */
@NullMarked
package dev.warren.worker.child;

import org.jspecify.annotations.NullMarked;
