package dev.warren.broker;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shortest delivery timeout that has struck, as the broker told it: a server before 4.3 does
 * when it closes a channel whose delivery was held for too long. Written by one thread, read by
 * any.
 */
final class SeenDeliveryTimeout {
  private static final Pattern TOLD =
      Pattern.compile("delivery acknowledgement .*[Tt]imeout value used: (\\d{1,15}) ms");

  private volatile @Nullable Duration shortest;

  /** Learns from what the broker said as it closed a channel, if it was for that. */
  void learn(String reason) {
    Matcher timeout = TOLD.matcher(reason);
    if (timeout.find()) {
      Duration seen = Duration.ofMillis(Long.parseLong(timeout.group(1)));
      Duration before = shortest;
      shortest = before == null || seen.compareTo(before) < 0 ? seen : before;
    }
  }

  /** Null where none has struck. */
  @Nullable Duration shortest() {
    return shortest;
  }
}
