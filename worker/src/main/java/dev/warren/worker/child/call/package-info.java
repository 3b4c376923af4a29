/**
 * One call inside a child: finding and checking its function, converting its arguments and its
 * result, and describing its failure.
 *
 * <p>Door: {@link dev.warren.worker.child.call.FunctionFinder}, {@link
 * dev.warren.worker.child.call.TargetMethod}, {@link dev.warren.worker.child.call.FailureWriter}.
 * Runs on the child's main thread; exceptions are read on a thread of their own.
 */
@NullMarked
package dev.warren.worker.child.call;

import org.jspecify.annotations.NullMarked;
