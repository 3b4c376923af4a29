package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TaskIdTest {

  @Test
  void a_part_keeps_the_root_whatever_parts_came_before() {
    TaskId id = TaskId.parse("root");
    assertThat(id.part()).isEmpty();
    assertThat(id.withPart("w.1").toString()).isEqualTo("root~w.1");
    assertThat(TaskId.parse("root~w.1").withPart("w.2").toString()).isEqualTo("root~w.2");
    assertThat(TaskId.parse("a~b~c")).isEqualTo(new TaskId("a", "b~c"));
    assertThat(TaskId.rootOf("a~b~c")).isEqualTo("a");
  }

  @Test
  void a_parsed_id_is_written_unchanged() {
    for (String id : new String[] {"", "a", "a~b", "~b", "a~b~c", "ü~\n"}) {
      assertThat(TaskId.parse(id).toString()).isEqualTo(id);
    }
  }

  @Test
  void a_part_of_a_long_foreign_id_fits_amqp() {
    String long1 = "x".repeat(TaskId.ROOT_KEPT - 1) + "\ud83d\ude00".repeat(40);
    String part = TaskId.parse(long1).withPart("w-12345678.1").toString();
    assertThat(part.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSizeLessThan(255);
    assertThat(part).doesNotContain("\ud83d~");
  }

  @Test
  void a_root_has_no_tilde() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TaskId("a~b", "c"));
  }
}
