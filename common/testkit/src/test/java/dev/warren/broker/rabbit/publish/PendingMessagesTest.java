package dev.warren.broker.rabbit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerContract;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.publish.PendingMessages.Pending;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingMessagesTest {
  private final PendingMessages messages = new PendingMessages();
  private long tag;

  private void add(String... ids) {
    for (String id : ids) {
      messages.add(new Pending(Route.toQueue("q"), BrokerContract.message(id)));
    }
  }

  private String sendNext() {
    return messages.send(++tag, tag).message.id();
  }

  private static List<String> ids(List<Pending> pending) {
    return pending.stream().map(p -> p.message.id()).toList();
  }

  @Test
  void a_confirm_removes_one_message_or_all_up_to_it() {
    add("a", "b", "c", "d");
    for (int i = 0; i < 4; i++) {
      sendNext();
    }
    assertThat(ids(messages.take(2, false))).containsExactly("b");
    assertThat(ids(messages.take(3, true))).containsExactly("a", "c");
    assertThat(ids(messages.take(3, true))).isEmpty();
    assertThat(messages.sentCount()).isEqualTo(1);
  }

  @Test
  void messages_of_a_lost_channel_are_sent_again_first_and_in_order() {
    add("a", "b", "c");
    sendNext();
    sendNext();
    messages.returned(Route.toQueue("q"), "a");
    messages.channelLost();
    assertThat(List.of(sendNext(), sendNext(), sendNext())).containsExactly("a", "b", "c");
    assertThat(messages.take(3, false).get(0).receipt()).isEqualTo(Receipt.CONFIRMED);
  }

  @Test
  void a_returned_message_is_unroutable_once_confirmed() {
    add("a", "a", "b");
    for (int i = 0; i < 3; i++) {
      sendNext();
    }
    assertThat(messages.returned(Route.toQueue("q"), "a")).isTrue();
    assertThat(messages.returned(Route.toQueue("other"), "b")).isFalse();
    assertThat(messages.take(3, true))
        .extracting(Pending::receipt)
        .containsExactly(Receipt.UNROUTABLE, Receipt.CONFIRMED, Receipt.CONFIRMED);
  }

  @Test
  void suspects_are_sent_one_at_a_time_until_all_are_cleared() {
    add("a", "b", "c");
    sendNext();
    sendNext();
    assertThat(messages.onlySent()).isNull();
    messages.suspectSent();
    messages.channelLost();
    assertThat(sendNext()).isEqualTo("a");
    assertThat(messages.maySend()).isFalse();
    assertThat(messages.onlySent()).isNotNull();
    messages.take(tag, false);
    assertThat(sendNext()).isEqualTo("b");
    assertThat(messages.maySend()).isFalse();
    messages.take(tag, false);
    add("d");
    sendNext();
    assertThat(messages.maySend()).isTrue();
  }

  @Test
  void the_window_closes_at_its_limit_and_opens_with_a_confirm() {
    for (int i = 0; i <= PendingMessages.WINDOW; i++) {
      add("m" + i);
    }
    while (messages.maySend()) {
      sendNext();
    }
    assertThat(messages.sentCount()).isEqualTo(PendingMessages.WINDOW);
    messages.take(1, false);
    assertThat(messages.maySend()).isTrue();
  }

  @Test
  void a_postponed_message_waits_for_its_delay() {
    add("a");
    sendNext();
    messages.postpone(messages.take(1, false).get(0), 1000);
    assertThat(messages.nanosToNext(400, 5000)).isEqualTo(600);
    messages.wake(999);
    assertThat(messages.maySend()).isFalse();
    messages.wake(1000);
    assertThat(sendNext()).isEqualTo("a");
    assertThat(ids(messages.takeAll())).containsExactly("a");
  }
}
