package dev.warren.broker.rabbit.consume;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shortest delivery timeout that has closed a channel. Servers before 4.3 report its value when
 * they close a channel over a delivery that was held too long. Written by one thread, read by any.
 */
final class SeenDeliveryTimeout {
  private static final Pattern TOLD =
      Pattern.compile("delivery acknowledgement .*[Tt]imeout value used: (\\d{1,15}) ms");

  private volatile @Nullable Duration shortest;

  /** Records the timeout, if that is why the broker closed the channel. */
  void learn(String reason) {
    Matcher timeout = TOLD.matcher(reason);
    if (timeout.find()) {
      Duration seen = Duration.ofMillis(Long.parseLong(timeout.group(1)));
      Duration before = shortest;
      shortest = before == null || seen.compareTo(before) < 0 ? seen : before;
    }
  }

  /** The shortest timeout seen; null if none has struck. */
  @Nullable Duration shortest() {
    return shortest;
  }
}
