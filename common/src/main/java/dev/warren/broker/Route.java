package dev.warren.broker;

/**
 * A message's destination: exchange and routing key. The empty exchange routes to the queue named
 * by the key.
 */
public record Route(String exchange, String key) {

  public static Route toQueue(String queue) {
    return new Route("", queue);
  }

  /** The queue, or the exchange with the key, for logs and errors. */
  public String shown() {
    return exchange.isEmpty() ? "queue " + key : "exchange " + exchange + " (key '" + key + "')";
  }
}
