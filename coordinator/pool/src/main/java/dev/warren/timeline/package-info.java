/**
 * What happened to one call, told by whoever saw it: workers, and the dead-letter queue. Used by
 * whoever explains a call; nothing is decided by it.
 *
 * <p>Door: {@link dev.warren.timeline.CallTimelines}, {@link dev.warren.timeline.CallTimeline}. The
 * caller's thread; answers arrive on a thread of the broker.
 */
@NullMarked
package dev.warren.timeline;

import org.jspecify.annotations.NullMarked;
