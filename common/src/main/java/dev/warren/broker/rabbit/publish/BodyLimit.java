package dev.warren.broker.rabbit.publish;

import dev.warren.broker.BrokerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The largest message body that the broker accepts: the default of its version, until a refusal
 * shows that this server is configured to accept less. Written by one thread, read by any.
 */
final class BodyLimit {
  /** Sent by every supported version for a message larger than its {@code max_message_size}. */
  private static final Pattern REFUSAL =
      Pattern.compile("message size (\\d+) is larger than configured max size (\\d+)");

  private volatile int configured = Integer.MAX_VALUE;

  /** Returns the limit in bytes, given the default of the server's version. */
  int within(int ofVersion) {
    return Math.min(ofVersion, configured);
  }

  /**
   * Learns the limit from a channel error. Returns the exception to report; null if the error is
   * not about message size.
   */
  @Nullable BrokerException learn(String refusal) {
    Matcher matcher = REFUSAL.matcher(refusal);
    if (!matcher.find()) {
      return null;
    }
    configured = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(matcher.group(2)));
    return BrokerException.tooLarge(Long.parseLong(matcher.group(1)), configured);
  }

  /**
   * Forgets the learned limit, because the next connection may reach another server or another
   * configuration.
   */
  void forget() {
    configured = Integer.MAX_VALUE;
  }
}
