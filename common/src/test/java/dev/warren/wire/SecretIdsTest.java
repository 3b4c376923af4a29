package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretIdsTest {

  /** 26 digits of 5 bits each, without the two leading bits of each half. */
  private static String hex(String id) {
    StringBuilder hex = new StringBuilder();
    for (String half : new String[] {id.substring(0, 13), id.substring(13)}) {
      BigInteger bits = BigInteger.ZERO;
      for (int i = 0; i < half.length(); i++) {
        char c = half.charAt(i);
        int digit = c >= 'a' ? c - 'a' : c - '2' + 26;
        bits = bits.shiftLeft(5).or(BigInteger.valueOf(digit));
      }
      hex.append("%016x".formatted(bits.longValue()));
    }
    return hex.toString();
  }

  @Test
  void an_id_is_the_siphash_of_its_number() {
    // printf '\0\1\2\3\4\5\6\7' | openssl mac -macopt size:16 \
    //     -macopt hexkey:000102030405060708090a0b0c0d0e0f SIPHASH, each half read backwards
    SecretIds ids = SecretIds.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertThat(hex(ids.of(0x0706050403020100L))).isEqualTo("61f55862baa9623bb49714f364e2830f");
  }

  @Test
  void ids_depend_on_the_owner() {
    SecretIds one = SecretIds.create();
    SecretIds other = SecretIds.create();
    Set<String> seen = new HashSet<>();
    for (long number = -5000; number < 5000; number++) {
      assertThat(one.of(number)).isEqualTo(one.of(number)).matches("[a-z2-7]{26}");
      seen.add(one.of(number));
      seen.add(other.of(number));
    }
    assertThat(seen).hasSize(20_000);
  }

  @Test
  void an_id_does_not_reveal_the_next_one() {
    SecretIds ids = SecretIds.create();
    int bits = 0;
    for (long number = 0; number < 1000; number++) {
      BigInteger here = new BigInteger(hex(ids.of(number)), 16);
      BigInteger next = new BigInteger(hex(ids.of(number + 1)), 16);
      bits += here.xor(next).bitCount();
    }
    // of 128,000 bits half change, give or take 5 standard deviations
    assertThat(bits).isBetween(63_000, 65_000);
  }

  @Test
  void random_ids_differ() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(SecretIds.random())).isTrue();
    }
  }
}
