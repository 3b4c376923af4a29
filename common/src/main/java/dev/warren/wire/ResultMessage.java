package dev.warren.wire;

import dev.warren.json.Lines;
import dev.warren.wire.child.ChildStates;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes on their way to the owner of the calls: one line per call, in the order of {@code calls}
 * (see {@link OutcomeLine}); {@link ResultCodec} converts them to a message and back. Immutable.
 *
 * @param id message id
 * @param owner the owner's results queue
 * @param correlationId that of a foreign producer's task; otherwise null
 * @param calls numbers of the calls
 * @param outcomes one line per call
 * @param busyMicros total time that children spent in these calls
 * @param supervisor the sender
 * @param children the children that ran the calls; only for a durable job
 */
public record ResultMessage(
    String id,
    String owner,
    @Nullable String correlationId,
    CallRanges calls,
    Lines outcomes,
    long busyMicros,
    String supervisor,
    ChildStates children) {
  public static final String TYPE = "warren.result";

  public ResultMessage {
    if (calls.count() != outcomes.count()) {
      throw new WireFormatException(
          "header "
              + Headers.CALLS
              + " names "
              + calls.count()
              + " calls, the body has "
              + outcomes.count());
    }
  }

  /** Outcomes of calls of whose children nothing is told. */
  public ResultMessage(
      String id,
      String owner,
      @Nullable String correlationId,
      CallRanges calls,
      Lines outcomes,
      long busyMicros,
      String supervisor) {
    this(id, owner, correlationId, calls, outcomes, busyMicros, supervisor, ChildStates.UNKNOWN);
  }
}
