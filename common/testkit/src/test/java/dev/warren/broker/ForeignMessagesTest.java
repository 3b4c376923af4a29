package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.warren.broker.rabbit.connection.AmqpMessages;
import dev.warren.testkit.ForeignMessages;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireCodecs;
import dev.warren.wire.WireFormatException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForeignMessagesTest {
  private static final WireCodecs CODECS = WireCodecs.create();

  private static final int COUNT = 20_000;

  @Test
  void every_foreign_message_is_a_task_or_refused_with_a_reason() {
    ForeignMessages source =
        new ForeignMessages(new Random(42), "com.acme.Stats::score", "[1,\"ü\"]", "replies");
    int tasks = 0;
    for (int i = 0; i < COUNT; i++) {
      ForeignMessages.Foreign foreign = source.next();
      Message message = AmqpMessages.message(foreign.properties(), foreign.body().toBytes());
      try {
        TaskMessage task = CODECS.tasks().read(message);
        assertThatCode(() -> CODECS.tasks().write(task)).doesNotThrowAnyException();
        tasks++;
      } catch (WireFormatException e) {
        assertThat(e.getMessage()).as(foreign.toString()).isNotBlank().hasSizeLessThan(500);
      }
    }
    assertThat(tasks).isBetween(COUNT / 10, COUNT);
  }

  @Test
  void a_valid_foreign_task_is_accepted() {
    ForeignMessages source =
        new ForeignMessages(new Random(1), "com.acme.Stats::score", "[1]", "replies");
    ForeignMessages.Foreign foreign = source.right();
    Message message = AmqpMessages.message(foreign.properties(), foreign.body().toBytes());
    assertThat(CODECS.tasks().read(message).function()).hasToString("com.acme.Stats::score");
  }
}
