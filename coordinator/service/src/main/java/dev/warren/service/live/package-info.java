/**
 * Views that are pushed to their viewers as server-sent events: the whole state when a viewer
 * connects, then what has changed, at most twice a second. A view is computed and encoded once per
 * tick for all its viewers, and not at all without any. Each view runs on one thread {@code live}
 * at a time; writing to a viewer never blocks.
 *
 * <p>Door: {@link dev.warren.service.live.LiveViews}, {@link dev.warren.service.live.View}, {@link
 * dev.warren.service.live.StreamRoute}.
 */
@NullMarked
package dev.warren.service.live;

import org.jspecify.annotations.NullMarked;
