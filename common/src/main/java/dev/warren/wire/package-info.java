/**
 * Messages to bytes and back, as docs/protocol.md tells it: AMQP properties and headers around a
 * body of JSON lines. Payloads are cut at line ends and never parsed here; the only JSON that is
 * read is Warren's own (settings, failures, control and heartbeat messages).
 *
 * <p>Door: {@link dev.warren.wire.TaskMessage}, {@link dev.warren.wire.ResultMessage}, {@link
 * dev.warren.wire.Message}. Stateless; thread-safe.
 */
@NullMarked
package dev.warren.wire;

import org.jspecify.annotations.NullMarked;
