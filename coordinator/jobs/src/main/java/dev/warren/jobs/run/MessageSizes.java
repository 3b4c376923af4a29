package dev.warren.jobs.run;

import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.io.ByteArrayOutputStream;

/**
 * In which messages calls are published, as kept in a PUBLISHED segment: the number of calls of
 * each message, in order, 7 bits per byte, lowest first. The calls of a message have consecutive
 * numbers.
 */
public final class MessageSizes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CallRanges.Builder calls = new CallRanges.Builder();

  /** Adds a message. */
  void add(long first, int count) {
    calls.add(first, first + count - 1);
    int rest = count;
    while (rest > 0x7f) {
      bytes.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.write(rest);
  }

  /** The calls of all messages. */
  CallRanges calls() {
    return calls.build();
  }

  Payload sizes() {
    return Payload.of(bytes.toByteArray());
  }

  /** Gives the first number and the number of calls of each message. */
  public static void forEach(CallRanges calls, Payload sizes, Message message) {
    int[] at = {0};
    calls.forEachRange(
        (first, last) -> {
          for (long number = first; number <= last; ) {
            int count = 0;
            int shift = 0;
            byte next;
            do {
              next = sizes.at(at[0]++);
              count |= (next & 0x7f) << shift;
              shift += 7;
            } while (next < 0);
            message.of(number, count);
            number += count;
          }
        });
  }

  /** Receives the messages. */
  @FunctionalInterface
  public interface Message {
    void of(long first, int count);
  }
}
