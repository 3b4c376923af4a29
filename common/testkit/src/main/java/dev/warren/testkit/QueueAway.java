package dev.warren.testkit;

/**
 * A quorum queue that is temporarily down, as during a server's start: its process is stopped, and
 * started again as the server does it. Stateless.
 */
public final class QueueAway {
  private static final String LOOKUP =
      "{ok, Queue} = rabbit_amqqueue:lookup({resource, <<\"%s\">>, queue, <<\"%s\">>}), ";

  private QueueAway() {}

  /** The Erlang expression that stops the queue. */
  public static String stopping(String virtualHost, String queue) {
    return (LOOKUP + "ok = ra:stop_server(quorum_queues, amqqueue:get_pid(Queue)).")
        .formatted(virtualHost, queue);
  }

  /** The Erlang expression that starts it again, with all its messages. */
  public static String starting(String virtualHost, String queue) {
    return (LOOKUP
            + """
            ok = ra:restart_server(quorum_queues, amqqueue:get_pid(Queue),
                 #{ra_event_formatter =>
                     {rabbit_quorum_queue, format_ra_event, [amqqueue:get_name(Queue)]}}).\
            """)
        .formatted(virtualHost, queue);
  }
}
