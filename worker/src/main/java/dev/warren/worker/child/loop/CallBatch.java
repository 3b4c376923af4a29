package dev.warren.worker.child.loop;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionCache;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.LinkException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one CALLS frame. Immutable except for {@code cancelled}, which is guarded by {@link
 * CallQueue}'s lock.
 */
public final class CallBatch {
  public final CallsHeader header;
  public final FunctionRef function;

  /** JSON array of the captured arguments, in front of each call's own; null for none. */
  public final @Nullable Payload captured;

  /** One JSON array per call. */
  public final Lines args;

  final BitSet cancelled = new BitSet();

  private CallBatch(
      CallsHeader header, FunctionRef function, @Nullable Payload captured, Lines args) {
    this.header = header;
    this.function = function;
    this.captured = captured;
    this.args = args;
  }

  /**
   * Parses a CALLS frame.
   *
   * @param functions keeps the last function
   * @throws LinkException if the number of lines does not match the header
   */
  public static CallBatch of(Frame frame, FunctionCache functions) {
    CallsHeader header = CallsHeader.read(frame);
    Lines lines = frame.lines();
    int preamble = header.captured() ? 1 : 0;
    if (lines.count() != preamble + header.count()) {
      throw new LinkException(
          "CALLS frame of " + header.count() + " calls with " + lines.count() + " lines");
    }
    return new CallBatch(
        header,
        functions.parse(header.fn(), header.digest()),
        header.captured() ? lines.get(0) : null,
        header.captured() ? lines.from(1) : lines);
  }

  public int count() {
    return header.count();
  }

  /** Position of call {@code i} of this batch in its task. */
  public int index(int i) {
    return header.from() + i;
  }

  /** Number of call {@code i} among its owner's calls. */
  public long callId(int i) {
    return CallRanges.parse(header.calls()).get(i);
  }

  boolean holds(CallMark mark) {
    return mark.task() == header.task()
        && mark.index() >= header.from()
        && mark.index() < header.from() + count();
  }
}
