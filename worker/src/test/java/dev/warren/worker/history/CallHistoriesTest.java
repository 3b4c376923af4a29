package dev.warren.worker.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.ManualLoop;
import dev.warren.worker.TaskSample;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which events are recorded, and that forgotten ones take no room. */
class CallHistoriesTest {
  private final ManualLoop loop = new ManualLoop();
  private final CallHistories histories = new CallHistories(loop, function -> 0);

  private CallHistory begin() {
    return histories.begin(TaskSample.of(3).build(), false, false, new BitSet());
  }

  private static List<HistoryEvent> kinds(CallHistory history) {
    return history.recorded(true).events().stream().map(CallHistory.Event::kind).toList();
  }

  @Test
  void what_happens_after_a_message_is_settled_takes_no_room_from_others() {
    for (int i = 0; i < 20_000; i++) {
      CallHistory history = begin();
      histories.settled(history);
      history.add(HistoryEvent.KILLED, 0, "x".repeat(200));
    }
    assertThat(histories.hasRoomForText(CallHistories.TEXT_BYTES)).isTrue();
  }

  @Test
  void calls_that_are_given_and_sent_at_once_have_the_same_events_as_others() {
    CallHistory history = begin();
    history.given(0, 3, "w-1-1", loop.now());
    assertThat(kinds(history)).containsExactly(HistoryEvent.DELIVERED, HistoryEvent.GIVEN);
    CallHistory whole = begin();
    whole.given(0, 3, "w-1-1", loop.now());
    whole.sent(0, 3);
    whole.confirmed(0, 3);
    CallHistory parts = begin();
    parts.given(0, 2, "w-1-1", loop.now());
    parts.sent(0, 2);
    parts.confirmed(0, 2);
    assertThat(kinds(whole))
        .isEqualTo(kinds(parts).subList(0, 4))
        .containsExactly(
            HistoryEvent.DELIVERED,
            HistoryEvent.GIVEN,
            HistoryEvent.OUTCOME_SENT,
            HistoryEvent.CONFIRMED);
  }

  @Test
  void calls_that_are_given_again_keep_their_first_events() {
    CallHistory history = begin();
    history.given(0, 3, "w-1-1", loop.now());
    history.returned(0, 3, "it gave it back");
    history.given(0, 3, "w-1-2", loop.now());
    assertThat(kinds(history))
        .containsExactly(
            HistoryEvent.DELIVERED, HistoryEvent.GIVEN, HistoryEvent.RETURNED, HistoryEvent.GIVEN);
  }

  @Test
  void a_call_that_a_child_has_is_running_until_something_ends_it() {
    CallHistory history = begin();
    assertThat(isRunning(history, 1)).isFalse();
    history.given(0, 3, "w-1-1", loop.now());
    assertThat(isRunning(history, 1)).isTrue();
    history.add(HistoryEvent.SOFT_LIMIT, 1, null);
    history.add(HistoryEvent.CANCELLED, 1, null);
    assertThat(isRunning(history, 1)).isTrue();
    history.returned(0, 2, "it gave it back");
    assertThat(isRunning(history, 1)).isFalse();
    assertThat(isRunning(history, 2)).isTrue();
    assertThat(history.recorded(false).tell(2, false, Now.of(loop.time())).running()).isFalse();
  }

  private boolean isRunning(CallHistory history, int index) {
    return history.recorded(true).tell(index, true, Now.of(loop.time())).running();
  }
}
