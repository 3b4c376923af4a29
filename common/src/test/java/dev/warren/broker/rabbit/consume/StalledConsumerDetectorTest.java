package dev.warren.broker.rabbit.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.rabbit.consume.StalledConsumerDetector.Remedy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StalledConsumerDetectorTest {
  private final StalledConsumerDetector starvation = new StalledConsumerDetector();

  /** As the consumer uses it: the queue's depth is requested only if the check needs it. */
  private Remedy look(boolean room, long deliveries, boolean waiting) {
    return starvation.look(room, deliveries) ? starvation.answered(waiting) : Remedy.NONE;
  }

  /** Checks with room and waiting messages until a remedy is due; returns the number of checks. */
  private int looksUntil(Remedy wanted, long deliveries) {
    for (int looks = 1; looks <= 1000; looks++) {
      Remedy remedy = look(true, deliveries, true);
      if (remedy != Remedy.NONE) {
        assertThat(remedy).isEqualTo(wanted);
        return looks;
      }
    }
    throw new AssertionError("nothing was done");
  }

  @Test
  void a_starving_consumer_restarts_at_the_third_check() {
    assertThat(look(true, 5, true)).as("it may have got something before").isEqualTo(Remedy.NONE);
    assertThat(look(true, 5, true)).isEqualTo(Remedy.NONE);
    assertThat(look(true, 5, true)).isEqualTo(Remedy.NEW_CHANNEL);
  }

  @Test
  void nothing_is_done_for_one_that_has_no_room_gets_something_or_has_an_empty_queue() {
    for (int i = 0; i < 100; i++) {
      assertThat(look(false, 5, true)).as("no room").isEqualTo(Remedy.NONE);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(look(true, i, true)).as("it gets messages").isEqualTo(Remedy.NONE);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(look(true, 99, i % 2 == 0)).as("no wait lasts").isEqualTo(Remedy.NONE);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(look(i % 2 == 0, 99, true)).as("it is full now and then").isEqualTo(Remedy.NONE);
    }
  }

  @Test
  void starvation_on_a_new_channel_causes_reconnects_at_growing_intervals() {
    looksUntil(Remedy.NEW_CHANNEL, 5);
    List<Integer> distances = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      distances.add(looksUntil(Remedy.NEW_CONNECTION, 5));
    }
    assertThat(distances).containsExactly(4, 8, 16, 32, 64, 64, 64);
  }

  @Test
  void a_delivery_ends_the_starvation() {
    looksUntil(Remedy.NEW_CHANNEL, 5);
    assertThat(looksUntil(Remedy.NEW_CHANNEL, 6)).isEqualTo(3);
  }
}
