/**
 * The child's loop: reading calls from the link, queueing them, interrupting at soft limits, and
 * sending outcomes back. The main thread and the watcher thread take turns in reading the link; see
 * docs/THREADS.md.
 *
 * <p>Door: {@link dev.warren.worker.child.loop.CallQueue}, {@link
 * dev.warren.worker.child.loop.CallIntake}, {@link dev.warren.worker.child.loop.ParentLink}.
 */
@NullMarked
package dev.warren.worker.child.loop;

import org.jspecify.annotations.NullMarked;
