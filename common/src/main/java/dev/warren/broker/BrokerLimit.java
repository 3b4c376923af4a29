package dev.warren.broker;

/**
 * Recognizes channel errors about a limit that an administrator has set. RabbitMQ uses the reply
 * codes of other errors for them, so only the text identifies them: "vhost 'x' … queue limit (2) is
 * reached", "user connection limit (1) is reached". Stateless.
 */
public final class BrokerLimit {
  private BrokerLimit() {}

  /**
   * Returns the remedy to append to a reply text that reports a limit; empty for any other text.
   */
  public static String remedy(String replyText) {
    if (!(replyText.contains("limit") && replyText.endsWith("is reached"))) {
      return "";
    }
    if (replyText.contains("queue limit")) {
      return "; remove unused pools ('warren pools list'), or raise the limit"
          + " (rabbitmqctl set_vhost_limits)";
    }
    return replyText.contains("user connection limit") || replyText.contains("channel limit")
        ? "; raise the user's limit (rabbitmqctl set_user_limits); a Warren program has two"
            + " connections"
        : "; raise the limit (rabbitmqctl set_vhost_limits, or connection_max of the node); a"
            + " Warren program has two connections";
  }
}
