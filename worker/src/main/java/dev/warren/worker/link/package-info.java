/**
 * The private link between a supervisor and one child: frames and their contents, as specified in
 * docs/child-protocol.md. No threads of its own.
 *
 * <p>Door: {@link dev.warren.worker.link.Frame}, {@link dev.warren.worker.link.FrameReader}, and
 * the records for frame headers. Each of these reads and writes its own JSON; nothing else does.
 */
@NullMarked
package dev.warren.worker.link;

import org.jspecify.annotations.NullMarked;
