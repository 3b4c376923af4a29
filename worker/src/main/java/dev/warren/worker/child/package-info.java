/**
 * The child process: finds functions by name, runs calls one at a time, watches its parent. It
 * knows its link and nothing of brokers.
 *
 * <p>Threads: {@code main} runs the calls and reads the link when it has none; {@code
 * child-watcher} reads while a call is long, sends what waits and strikes at soft time limits. They
 * meet in {@link dev.warren.worker.child.loop.CallQueue} and {@link
 * dev.warren.worker.child.loop.CallIntake}; whoever reads the link's end ends the process.
 *
 * <p>Door: {@link dev.warren.worker.child.ChildMain}. Start-up time counts here: no logging, no
 * lambdas and no databind before the first call that needs it.
 */
@NullMarked
package dev.warren.worker.child;

import org.jspecify.annotations.NullMarked;
