package dev.warren.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.store.CallNumber;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageSizesTest {
  private final MessageSizes sizes = new MessageSizes();

  private List<String> messages() {
    List<String> found = new ArrayList<>();
    MessageSizes.forEach(
        sizes.calls(), sizes.sizes(), (first, count) -> found.add(first + "+" + count));
    return found;
  }

  @Test
  void messages_whose_numbers_follow_one_another_stay_apart() {
    sizes.add(0, 1);
    sizes.add(1, 1);
    sizes.add(2, 300);
    sizes.add(302, 8192);
    assertThat(sizes.calls().ranges()).isEqualTo(1);
    assertThat(messages()).containsExactly("0+1", "1+1", "2+300", "302+8192");
  }

  @Test
  void numbers_of_later_rounds_may_have_gaps() {
    sizes.add(CallNumber.of(3, 5), 2);
    sizes.add(CallNumber.of(3, 100), 128);
    long base = CallNumber.of(3, 0);
    assertThat(messages()).containsExactly((base + 5) + "+2", (base + 100) + "+128");
  }
}
