package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DelayLadderTest {

  @Test
  void a_wait_is_made_of_steps_that_do_not_overshoot_it() {
    assertThat(DelayLadder.step(1)).isEqualTo(100);
    assertThat(DelayLadder.step(199)).isEqualTo(100);
    assertThat(DelayLadder.step(200)).isEqualTo(200);
    assertThat(DelayLadder.step(5000)).isEqualTo(3200);
    assertThat(DelayLadder.step(Long.MAX_VALUE / 4)).isEqualTo(100L << 15);
  }

  @Test
  void the_protocol_page_names_its_steps() throws IOException {
    assertThat(DelayLadder.steps().toArray()).startsWith(100, 200, 400).endsWith(3_276_800);
    assertThat(Files.readString(Path.of("../docs/protocol.md")))
        .contains("`<ms>` is one of 100, 200, 400 … 3276800");
  }
}
