package dev.warren.broker.rabbit.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnsettledTagsTest {
  /**
   * A broker's view of a channel: which deliveries it considers settled, and whether settling them
   * was valid.
   */
  private static final class Channel implements UnsettledTags.Acks {
    final Set<Long> delivered = new HashSet<>();
    final Set<Long> acked = new HashSet<>();
    final Set<Long> requeued = new HashSet<>();
    final List<String> written = new ArrayList<>();

    @Override
    public void ack(long tag, boolean multiple) {
      written.add(multiple ? "..." + tag : String.valueOf(tag));
      assertThat(delivered).contains(tag);
      List<Long> covered =
          multiple ? delivered.stream().filter(t -> t <= tag).toList() : List.of(tag);
      covered.forEach(delivered::remove);
      acked.addAll(covered);
    }

    @Override
    public void requeue(long tag) {
      written.add("-" + tag);
      assertThat(delivered.remove(tag)).isTrue();
      requeued.add(tag);
    }
  }

  @Test
  void settlements_in_order_are_written_as_one() throws IOException {
    UnsettledTags tags = new UnsettledTags();
    Channel channel = new Channel();
    for (long tag = 1; tag <= 4; tag++) {
      tags.delivered(tag);
      channel.delivered.add(tag);
    }
    List.of(2L, 1L, 4L, 4L).forEach(tag -> tags.settle(tag, false));
    tags.write(channel);
    assertThat(channel.written).containsExactlyInAnyOrder("...2", "4");
    assertThat(tags.isEmpty()).isFalse();
    tags.settle(3, true);
    tags.write(channel);
    assertThat(channel.requeued).containsExactly(3L);
    assertThat(tags.isEmpty()).isTrue();
  }

  @Test
  void exactly_the_settled_tags_are_written_in_any_order() throws IOException {
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      UnsettledTags tags = new UnsettledTags();
      Channel channel = new Channel();
      Set<Long> open = new HashSet<>();
      Set<Long> acked = new HashSet<>();
      Set<Long> requeued = new HashSet<>();
      long last = 0;
      for (int step = 0; step < 100; step++) {
        int what = random.nextInt(4);
        if (what == 0) {
          last++;
          tags.delivered(last);
          channel.delivered.add(last);
          open.add(last);
        } else if (what == 3) {
          tags.write(channel);
          assertThat(channel.acked).isEqualTo(acked);
          assertThat(channel.requeued).isEqualTo(requeued);
          assertThat(channel.delivered).isEqualTo(open);
        } else if (!open.isEmpty()) {
          long tag = open.stream().skip(random.nextInt(open.size())).findFirst().orElseThrow();
          boolean requeue = random.nextInt(5) == 0;
          open.remove(tag);
          (requeue ? requeued : acked).add(tag);
          tags.settle(tag, requeue);
        }
      }
    }
  }
}
