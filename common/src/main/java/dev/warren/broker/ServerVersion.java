package dev.warren.broker;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server answered, and what follows from its version. Immutable.
 *
 * @param product {@code RabbitMQ}
 * @param text the version as the server gives it: {@code 4.0.5}
 * @param major first number; 0 where the text has none
 * @param minor second number
 */
public record ServerVersion(String product, String text, int major, int minor) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  /** RabbitMQ's own default of {@code consumer_timeout}. */
  public static final Duration NODE_DELIVERY_TIMEOUT = Duration.ofMinutes(30);

  private static final int MIB = 1 << 20;

  /** From the properties that a server sends when it greets a client. */
  static ServerVersion of(Map<String, Object> properties) {
    return of(
        String.valueOf(properties.getOrDefault("product", "unknown broker")),
        String.valueOf(properties.getOrDefault("version", "of unknown version")));
  }

  /** From names as a server gives them; a text without numbers stands for an old version. */
  public static ServerVersion of(String product, String text) {
    Matcher matcher = NUMBERS.matcher(text);
    return matcher.matches()
        ? new ServerVersion(
            product, text, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : new ServerVersion(product, text, 0, 0);
  }

  private boolean atLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }

  /** Whether Warren is tried with it: 3.10 and later. */
  public boolean supported() {
    return atLeast(3, 10);
  }

  /** Consumers whose order survives whatever the version. */
  public static final int CONSUMERS_IN_ORDER = 32;

  /**
   * Whether a quorum queue always gives back in the same order what more than {@link
   * #CONSUMERS_IN_ORDER} consumers of one channel, or of one node of a cluster, held (4.0). Where
   * it does not, messages are lost should another replica, or the next life of a broker that was
   * killed, have another order: acknowledgements hit other messages there.
   */
  public boolean consumersInOrder() {
    return atLeast(4, 0);
  }

  /** Whether a quorum queue orders by all of 32 priorities (4.3). */
  public boolean strictPriorities() {
    return atLeast(4, 3);
  }

  /**
   * Whether a quorum queue tells priorities above 4 from the others (4.0); before: first in, first
   * out.
   */
  public boolean twoPriorities() {
    return atLeast(4, 0);
  }

  /**
   * Whether a queue may set how long a delivery may stay unsettled (3.12). Before, the node's own
   * setting rules, 30 minutes unless changed: a call that runs longer is delivered again.
   */
  public boolean consumerTimeoutPerQueue() {
    return atLeast(3, 12);
  }

  /**
   * How long a delivery of a task queue may stay unsettled, unless the node or a policy says less.
   */
  public Duration deliveryTimeout() {
    return consumerTimeoutPerQueue()
        ? Duration.ofMillis(PoolNames.CONSUMER_TIMEOUT_MS)
        : NODE_DELIVERY_TIMEOUT;
  }

  /** Whether a consumer may set the same (4.3). */
  public boolean consumerTimeoutPerConsumer() {
    return atLeast(4, 3);
  }

  /**
   * Whether handing a delivery back counts towards a quorum queue's delivery limit (before 4.3).
   */
  public boolean requeueCountsTowardsLimit() {
    return !atLeast(4, 3);
  }

  /**
   * Largest body in bytes, unless the server is configured otherwise: 16 MiB from 4.0, 128 before.
   */
  public int maxBodyBytes() {
    return (atLeast(4, 0) ? 16 : 128) * MIB;
  }

  @Override
  public String toString() {
    return product + " " + text;
  }
}
