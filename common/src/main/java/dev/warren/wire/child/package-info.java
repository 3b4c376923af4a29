/**
 * In which state children were when they ran calls: their age, the calls they had run before, their
 * memory. Sent with the outcomes of a durable job's calls, as docs/protocol.md says.
 *
 * <p>Door: {@link dev.warren.wire.child.ChildStates}. Immutable values, except for its builder.
 */
@NullMarked
package dev.warren.wire.child;

import org.jspecify.annotations.NullMarked;
