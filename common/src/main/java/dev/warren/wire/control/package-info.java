/**
 * Control and status messages between owners and workers: cancellation, questions about ownership,
 * heartbeats, refusals. Encoded as docs/protocol.md says.
 *
 * <p>Door: all message types. Stateless; thread-safe.
 */
@NullMarked
package dev.warren.wire.control;

import org.jspecify.annotations.NullMarked;
