/**
 * The worker's event loop: the one thread that owns all state of {@code consume} and {@code
 * supervise}.
 *
 * <p>Door: {@link dev.warren.worker.loop.SelectorLoop}. Its users take the contract, {@link
 * dev.warren.lifecycle.EventLoop}.
 */
@NullMarked
package dev.warren.worker.loop;

import org.jspecify.annotations.NullMarked;
