package dev.warren.jobs.store;

import dev.warren.task.Payload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digests of an input, by which two inputs are compared: SHA-256 of each {@link #BLOCK} lines, the
 * last block possibly shorter. Immutable.
 *
 * @param lines number of lines
 * @param blocks the digests, one after another, {@link #BYTES} bytes each
 */
public record InputDigest(long lines, Payload blocks) {
  /** Lines per digest. */
  public static final int BLOCK = 4096;

  /** Bytes per digest. */
  public static final int BYTES = 32;

  /** The digest of the whole input, in hexadecimal: SHA-256 of the digests of its blocks. */
  public String whole() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(blocks.toBuffer());
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
