package dev.warren.jobs.cause;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What failed calls have in common. Immutable.
 *
 * @param fingerprint identifies the cause: 12 hexadecimal digits
 * @param title one line for people
 */
public record Cause(String fingerprint, String title) {
  private static final int BYTES = 6;

  /** The cause with this key, which has everything that distinguishes it. */
  static Cause of(String title, String key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest((title + '\n' + key).getBytes(StandardCharsets.UTF_8));
      return new Cause(HexFormat.of().formatHex(digest, 0, BYTES), title);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
