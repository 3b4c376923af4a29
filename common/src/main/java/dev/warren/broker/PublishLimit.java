package dev.warren.broker;

/** The refusal of a message that is larger than the broker takes. */
final class PublishLimit {
  private PublishLimit() {}

  static BrokerException exceeded(long size, long limit) {
    return new BrokerException(
        "message body has " + size + " bytes; the broker takes at most " + limit + " bytes");
  }
}
