package dev.warren.testkit;

import dev.warren.testkit.server.PrivateBroker;

/**
 * An unreported fault: the leader of a quorum queue forgets its consumers. Clients and their
 * channels stay open and receive nothing. Stateless.
 */
public final class ForgottenConsumers {
  private ForgottenConsumers() {}

  /** The Erlang expression that makes a queue forget all its consumers. */
  public static String expression(String virtualHost, String queue) {
    return """
    {ok, Queue} = rabbit_amqqueue:lookup({resource, <<"%s">>, queue, <<"%s">>}),
    [begin
       Forget = rabbit_fifo:make_checkout({element(2, C), element(1, C)}, cancel, #{}),
       {ok, _, _} = ra:process_command(amqqueue:get_pid(Queue), Forget)
     end || C <- rabbit_amqqueue:consumers(Queue)].\
    """
        .formatted(virtualHost, queue);
  }

  /** Makes a queue of the server's default virtual host forget all its consumers. */
  public static void of(PrivateBroker broker, String queue) throws InterruptedException {
    broker.ctl("eval", expression("/", queue));
  }
}
