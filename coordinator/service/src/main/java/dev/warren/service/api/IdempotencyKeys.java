package dev.warren.service.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.service.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key}s of the submissions that are being received here. Those of accepted
 * ones are in the store, so that a repeated request gets the same answer after a restart, and from
 * another coordinator. Thread-safe.
 */
final class IdempotencyKeys {
  private static final int MAX_LENGTH = 255;

  @GuardedBy("this")
  private final Set<String> receiving = new HashSet<>();

  /**
   * Begins a submission.
   *
   * @throws Problem if the key is none, or its submission is not complete
   */
  synchronized void begin(@Nullable String key) {
    if (key == null) {
      return;
    }
    if (key.isBlank() || key.length() > MAX_LENGTH) {
      throw Problem.badRequest(
          "Idempotency-Key has " + key.length() + " characters; must have 1 to " + MAX_LENGTH);
    }
    if (!receiving.add(key)) {
      throw Problem.conflict(
          "the submission with Idempotency-Key '" + key + "' is still being received");
    }
  }

  /** Ends a submission that has begun, accepted or not. */
  synchronized void end(@Nullable String key) {
    if (key != null) {
      receiving.remove(key);
    }
  }

  /** A digest of the parameters of a submission, whatever their order. */
  static String digest(Map<String, List<String>> parameters) {
    try {
      byte[] text = new TreeMap<>(parameters).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
