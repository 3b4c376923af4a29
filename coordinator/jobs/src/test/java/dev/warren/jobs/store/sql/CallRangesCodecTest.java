package dev.warren.jobs.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.wire.CallRanges;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallRangesCodecTest {
  private static final long ROUND = 1L << 40;

  private static void roundTrips(CallRanges calls) {
    assertThat(CallRangesCodec.decode(CallRangesCodec.encode(calls))).isEqualTo(calls);
  }

  @Test
  void every_order_and_size_is_kept() {
    roundTrips(CallRanges.of(new long[0]));
    roundTrips(CallRanges.of(0, 1));
    roundTrips(CallRanges.of(5, 2));
    roundTrips(CallRanges.of(17 * ROUND, 1_000_000));
    roundTrips(CallRanges.of(new long[] {9, 8, 7, 3, 4, 5, 3 * ROUND + 2, 0, 1}));
    roundTrips(CallRanges.of(new long[] {(1L << 60) - 1, 0}));
  }

  @Test
  void random_numbers_are_kept() {
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      roundTrips(
          CallRanges.of(
              random.longs(random.nextInt(50), 0, 1L << random.nextInt(1, 60)).toArray()));
    }
  }

  @Test
  void successive_numbers_need_few_bytes_and_near_ones_a_byte_each() {
    assertThat(CallRangesCodec.encode(CallRanges.of(1000, 5000))).hasSizeLessThanOrEqualTo(5);
    long[] everySecond = new long[1000];
    Arrays.setAll(everySecond, i -> 2L * i);
    assertThat(CallRangesCodec.encode(CallRanges.of(everySecond))).hasSizeLessThan(1010);
  }

  @Test
  void numbers_out_of_bounds_are_refused() {
    assertThatThrownBy(() -> CallRangesCodec.encode(CallRanges.of(-1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CallRangesCodec.encode(CallRanges.of(1L << 60, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be from 0 to 2^60 - 1");
  }

  @Test
  void damaged_bytes_are_refused() {
    byte[] bytes = CallRangesCodec.encode(CallRanges.of(new long[] {1, 2, 3, 70, 900_000}));
    assertThatThrownBy(() -> CallRangesCodec.decode(Arrays.copyOf(bytes, bytes.length - 1)))
        .hasMessageContaining("end too early");
    assertThatThrownBy(() -> CallRangesCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("followed by other bytes");
    assertThatThrownBy(() -> CallRangesCodec.decode(new byte[] {1, 2}))
        .hasMessageContaining("not call numbers");
  }

  @Test
  void random_bytes_are_decoded_or_refused_in_no_time() {
    Random random = new Random(8);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      try {
        CallRangesCodec.decode(bytes);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("call number");
      }
    }
  }
}
