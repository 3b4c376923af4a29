package dev.warren.broker;

/**
 * Where a message goes: an exchange and a routing key; the empty exchange leads to the queue of
 * that name.
 */
public record Route(String exchange, String key) {

  public static Route toQueue(String queue) {
    return new Route("", queue);
  }

  /** For people: the queue, or the exchange with the key. */
  String shown() {
    return exchange.isEmpty() ? "queue " + key : "exchange " + exchange + " (key '" + key + "')";
  }
}
