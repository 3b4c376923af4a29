package dev.warren.wire;

import java.security.SecureRandom;

/**
 * Unguessable ids: 26 letters and digits for 128 bits. {@link #random} creates an independent id.
 * An instance computes one id per number from its own secret key, so that its owner can compute
 * each id again, while knowing some of the ids does not help to guess others. Immutable,
 * thread-safe.
 *
 * <p>An instance uses SipHash-2-4 with 128 bits of output, a keyed pseudo-random function that
 * takes about 20 ns: an id is created for every message.
 */
public final class SecretIds {
  /** Length of every id. */
  public static final int LENGTH = 26;

  private static final byte[] DIGITS = {
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's',
    't', 'u', 'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7'
  };

  /** The length of the input, 8 bytes, which ends every SipHash input. */
  private static final long END = 8L << 56;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final long key0;
  private final long key1;

  private SecretIds(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Ids of an owner whose secret key is kept somewhere. */
  public static SecretIds of(long key0, long key1) {
    return new SecretIds(key0, key1);
  }

  /** Ids of a new owner, with a new random key. */
  public static SecretIds create() {
    return new SecretIds(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** Creates an independent id. */
  public static String random() {
    return text(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** Computes the id of a number; always the same for the same number. */
  public String of(long number) {
    State state = new State(key0, key1);
    state.absorb(number);
    state.absorb(END);
    state.v2 ^= 0xee;
    long high = state.squeeze();
    state.v1 ^= 0xdd;
    return text(high, state.squeeze());
  }

  @SuppressWarnings("deprecation") // the only constructor that copies bytes unconverted
  private static String text(long high, long low) {
    byte[] text = new byte[LENGTH];
    // 13 digits of 5 bits for each half; the first digit has only 4
    for (int i = 12, shift = 0; i >= 0; i--, shift += 5) {
      text[i] = DIGITS[(int) (high >>> shift) & 31];
      text[13 + i] = DIGITS[(int) (low >>> shift) & 31];
    }
    return new String(text, 0);
  }

  /** The four words of SipHash's state. */
  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    void absorb(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long squeeze() {
      for (int i = 0; i < 4; i++) {
        round();
      }
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
