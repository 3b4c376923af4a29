package dev.warren.broker.rabbit.connection;

import dev.warren.broker.PoolNames;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's product and version, and the features that follow from the version. Immutable.
 *
 * @param product {@code RabbitMQ}
 * @param text the version as the server gives it: {@code 4.0.5}
 * @param major first number; 0 if the text has none
 * @param minor second number; 0 if the text has none
 */
public record ServerVersion(String product, String text, int major, int minor) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  /** RabbitMQ's default of {@code consumer_timeout}. */
  public static final Duration NODE_DELIVERY_TIMEOUT = Duration.ofMinutes(30);

  private static final int MIB = 1 << 20;

  /** Reads the properties that a server sends in its greeting. */
  static ServerVersion of(Map<String, Object> properties) {
    return of(
        String.valueOf(properties.getOrDefault("product", "unknown broker")),
        String.valueOf(properties.getOrDefault("version", "of unknown version")));
  }

  /** Parses a version; a text without numbers counts as an old version. */
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

  /** Whether Warren is tested with it: 3.10 and later. */
  public boolean supported() {
    return atLeast(3, 10);
  }

  /** Up to this number of consumers, requeued messages keep their order in every version. */
  public static final int CONSUMERS_IN_ORDER = 32;

  /**
   * Whether a quorum queue always requeues in the same order what more than {@link
   * #CONSUMERS_IN_ORDER} consumers of one channel, or of one cluster node, held (4.0). Where it
   * does not, another replica, or a killed broker that replays its log, may have another order;
   * acknowledgements then hit other messages, and messages are lost.
   */
  public boolean consumersInOrder() {
    return atLeast(4, 0);
  }

  /** Whether a quorum queue orders by all 32 priorities (4.3). */
  public boolean strictPriorities() {
    return atLeast(4, 3);
  }

  /**
   * Whether a quorum queue treats priorities above 4 as high (4.0); before, it ignores priorities.
   */
  public boolean twoPriorities() {
    return atLeast(4, 0);
  }

  /**
   * Whether a queue may set how long a delivery may stay unsettled (3.12). Before, only the node's
   * setting applies (default 30 minutes), and a call that runs longer is redelivered.
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

  /** Whether a consumer may set how long a delivery may stay unsettled (4.3). */
  public boolean consumerTimeoutPerConsumer() {
    return atLeast(4, 3);
  }

  /** Whether requeueing counts towards a quorum queue's delivery limit (before 4.3). */
  public boolean requeueCountsTowardsLimit() {
    return !atLeast(4, 3);
  }

  /** Default limit of a message body, in bytes: 16 MiB from 4.0, 128 MiB before. */
  public int maxBodyBytes() {
    return (atLeast(4, 0) ? 16 : 128) * MIB;
  }

  @Override
  public String toString() {
    return product + " " + text;
  }
}
