/**
 * The private link between a supervisor and one child: frames, and what is in them, as
 * docs/child-protocol.md tells it. No threads of its own.
 *
 * <p>Door: {@link dev.warren.worker.link.Frame}, {@link dev.warren.worker.link.FrameReader}, and
 * the records that go into frames.
 */
@NullMarked
package dev.warren.worker.link;

import org.jspecify.annotations.NullMarked;
