package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class BrokerReplyTest {
  private static final String AWAY = "broker: queue q: not available now; its node may be down";

  @Test
  void all_replies_for_a_queue_whose_node_is_down_have_one_short_text() {
    String home =
        "NOT_FOUND - home node 'r@h' of durable queue 'q' in vhost '/' is down or inaccessible";
    String stopped = "NOT_FOUND - queue 'q' in vhost '/' process is stopped by supervisor";
    assertThat(text(404, home)).isEqualTo(AWAY);
    assertThat(text(404, stopped)).isEqualTo(AWAY);
    assertThat(BrokerReply.refusal("queue q", new IOException(new TimeoutException("(#7)"))))
        .hasMessage(AWAY);
  }

  @Test
  void a_queue_that_does_not_exist_is_not_called_unavailable() {
    assertThat(text(404, "NOT_FOUND - no queue 'q' in vhost '/'"))
        .isEqualTo("broker: queue q: NOT_FOUND - no queue 'q' in vhost '/'");
  }

  @Test
  void a_reply_is_cut_after_its_first_sentence() {
    String locked =
        "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be"
            + " originally declared on another connection or the exclusive property value does not"
            + " match that of the original declaration.";
    assertThat(text(405, locked))
        .isEqualTo(
            "broker: queue q: RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in"
                + " vhost '/'; another connection owns it");
  }

  @Test
  void a_lost_connection_has_a_reason() {
    assertThat(BrokerReply.refusal("x", new IOException())).hasMessage("broker: x: IOException");
    ShutdownSignalException lost =
        new ShutdownSignalException(
            true,
            false,
            new AMQP.Connection.Close.Builder().replyCode(320).replyText("CLOSED").build(),
            null);
    assertThat(BrokerReply.refusal("x", new IOException(lost))).hasMessage("broker: x: CLOSED");
  }

  private static String text(int code, String reply) {
    AMQP.Channel.Close close =
        new AMQP.Channel.Close.Builder().replyCode(code).replyText(reply).build();
    ShutdownSignalException signal = new ShutdownSignalException(false, false, close, null);
    return String.valueOf(BrokerReply.refusal("queue q", new IOException(signal)).getMessage());
  }
}
