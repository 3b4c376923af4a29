package dev.warren.service.http;

import dev.warren.lifecycle.TimeSource;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token that clients must present, and the sessions of browsers that have presented it once. A
 * session is its expiry and a signature made with the token, so nothing is stored: sessions survive
 * a restart and end with the token. Immutable; compares in constant time.
 */
public final class AccessToken {
  /** How long a browser stays signed in. */
  public static final Duration SESSION = Duration.ofHours(12);

  private static final String HMAC = "HmacSHA256";
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})\\.([0-9a-f]{64})");

  private final byte[] token;
  private final TimeSource time;

  public AccessToken(String token, TimeSource time) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.time = time;
  }

  /** Whether this is the token. */
  public boolean matches(String given) {
    // of the signatures, so that the time taken does not depend on the length either
    return MessageDigest.isEqual(sign("token", token), sign("token", bytes(given)));
  }

  /** A new session, as the value of a cookie. */
  public String session() {
    long expiry = time.steadyMillis() / 1000 + SESSION.toSeconds();
    return expiry + "." + HexFormat.of().formatHex(signature(expiry));
  }

  /** Whether this is a session that has not expired. */
  boolean isSession(String given) {
    Matcher form = FORM.matcher(given);
    if (!form.matches()) {
      return false;
    }
    long expiry = Long.parseLong(form.group(1));
    byte[] signature = HexFormat.of().parseHex(form.group(2));
    return MessageDigest.isEqual(signature(expiry), signature)
        && expiry > time.steadyMillis() / 1000;
  }

  private byte[] signature(long expiry) {
    return sign("session", bytes(Long.toString(expiry)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] sign(String purpose, byte[] content) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(token, HMAC));
      mac.update(bytes(purpose + "\n"));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
