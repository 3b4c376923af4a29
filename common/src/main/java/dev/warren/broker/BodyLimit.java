package dev.warren.broker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How large a message's body may be: what the server's version takes, until a refusal tells that
 * this one is configured to take less. Written by one thread, read by any.
 */
final class BodyLimit {
  /** What every supported version says of a message over its {@code max_message_size}. */
  private static final Pattern REFUSAL =
      Pattern.compile("message size (\\d+) is larger than configured max size (\\d+)");

  private volatile int configured = Integer.MAX_VALUE;

  /** The limit, where the version's own is this. */
  int within(int ofVersion) {
    return Math.min(ofVersion, configured);
  }

  /** Learns from what the broker said; gives the failure to tell of, null if it is of no size. */
  @Nullable BrokerException learn(String refusal) {
    Matcher matcher = REFUSAL.matcher(refusal);
    if (!matcher.find()) {
      return null;
    }
    configured = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(matcher.group(2)));
    return BrokerException.tooLarge(Long.parseLong(matcher.group(1)), configured);
  }

  /** Another server, or the same with another configuration, is asked from now on. */
  void forget() {
    configured = Integer.MAX_VALUE;
  }
}
