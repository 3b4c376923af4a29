package dev.warren.broker;

/**
 * A limit that an administrator has set and that is reached. RabbitMQ reports it with the reply
 * codes of other refusals, so only the text tells them apart: "vhost 'x' … queue limit (2) is
 * reached", "user connection limit (1) is reached". Stateless.
 */
final class BrokerLimit {
  private BrokerLimit() {}

  /** What to do about the limit that a reply text names, to follow that text; empty if none. */
  static String remedy(String replyText) {
    if (!(replyText.contains("limit") && replyText.endsWith("is reached"))) {
      return "";
    }
    if (replyText.contains("queue limit")) {
      return "; remove pools that nobody needs ('warren pools list'), or raise the limit"
          + " (rabbitmqctl set_vhost_limits)";
    }
    return replyText.contains("user connection limit") || replyText.contains("channel limit")
        ? "; raise the user's limit (rabbitmqctl set_user_limits); a Warren program has two"
            + " connections"
        : "; raise the limit (rabbitmqctl set_vhost_limits, or connection_max of the node); a"
            + " Warren program has two connections";
  }
}
