import dev.warren.testkit.server.PrivateBroker;

/** Starts a private RabbitMQ, prints its URI, and stops it when the input ends. */
final class Broker {
  public static void main(String[] arguments) throws Exception {
    try (PrivateBroker broker = PrivateBroker.start()) {
      System.out.println(broker.uri());
      System.in.readAllBytes();
    }
  }
}
