/**
 * Converts messages to bytes and back, as specified in docs/protocol.md: AMQP properties and
 * headers around a body of JSON lines. Payloads are split at line ends and never parsed here; the
 * only JSON that is parsed is Warren's own (settings, failures, control and heartbeat messages).
 *
 * <p>Door: {@link dev.warren.wire.TaskCodec} and {@link dev.warren.wire.ResultCodec} convert {@link
 * dev.warren.wire.TaskMessage} and {@link dev.warren.wire.ResultMessage} to {@link
 * dev.warren.wire.Message} and back. Thread-safe.
 */
@NullMarked
package dev.warren.wire;

import org.jspecify.annotations.NullMarked;
