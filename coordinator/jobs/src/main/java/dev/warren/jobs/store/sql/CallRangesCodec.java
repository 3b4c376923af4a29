package dev.warren.jobs.store.sql;

import dev.warren.wire.CallRanges;
import java.util.Arrays;

/**
 * Call numbers as bytes: the number of ranges; then for each range its distance from the number
 * after the range before, zigzag-encoded, whose lowest bit tells that its length minus 2 follows.
 * All numbers are varints, seven bits in a byte, lowest first. Stateless.
 */
final class CallRangesCodec {
  /** Numbers are smaller, so that a doubled zigzag value fits into a long. */
  private static final long LIMIT = 1L << 60;

  private CallRangesCodec() {}

  /**
   * Encodes the numbers.
   *
   * @throws IllegalArgumentException if one is negative or 2⁶⁰ or more
   */
  static byte[] encode(CallRanges calls) {
    Encoder out = new Encoder(calls.ranges());
    calls.forEachRange(out::range);
    return out.bytes();
  }

  /**
   * Decodes the numbers.
   *
   * @throws IllegalArgumentException if the bytes are not the form above
   */
  static CallRanges decode(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    CallRanges.Builder calls = new CallRanges.Builder();
    long next = 0;
    for (long ranges = in.number(); ranges > 0; ranges--) {
      long head = in.number();
      long zigzag = head >>> 1;
      long first = next + ((zigzag >>> 1) ^ -(zigzag & 1));
      long last = (head & 1) == 0 ? first : first + 1 + in.number();
      if (first < 0 || last < first || last >= LIMIT || last - first >= Integer.MAX_VALUE) {
        throw new IllegalArgumentException("not call numbers: " + first + "-" + last);
      }
      calls.add(first, last);
      next = last + 1;
    }
    in.end();
    return calls.build();
  }

  private static final class Encoder {
    private byte[] bytes;
    private int size;
    private long next;

    Encoder(int ranges) {
      bytes = new byte[Math.max(16, ranges * 2)];
      number(ranges);
    }

    void range(long first, long last) {
      if (first < 0 || last >= LIMIT) {
        throw new IllegalArgumentException(
            "call numbers " + first + "-" + last + ": must be from 0 to 2^60 - 1");
      }
      long distance = first - next;
      long zigzag = (distance << 1) ^ (distance >> 63);
      number(zigzag << 1 | (last > first ? 1 : 0));
      if (last > first) {
        number(last - first - 1);
      }
      next = last + 1;
    }

    private void number(long value) {
      if (size + 10 > bytes.length) {
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
      }
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes[size++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[size++] = (byte) rest;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, size);
    }
  }

  private static final class Decoder {
    private final byte[] bytes;
    private int at;

    Decoder(byte[] bytes) {
      this.bytes = bytes;
    }

    long number() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at == bytes.length) {
          throw new IllegalArgumentException("call numbers end too early");
        }
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a call number has more than 64 bits");
    }

    void end() {
      if (at != bytes.length) {
        throw new IllegalArgumentException("call numbers are followed by other bytes");
      }
    }
  }
}
