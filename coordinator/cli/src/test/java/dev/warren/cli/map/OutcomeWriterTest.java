package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.JsonOutcomes.Item;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeWriterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static Item failed() {
    return new Item(
        3,
        null,
        new RemoteFailure(
            FailureKind.FAILED,
            "java.lang.ArithmeticException",
            "/ by \"zero\"",
            "at a.B",
            List.of("java.lang.ArithmeticException"),
            true,
            new RemoteFailure.Where("host-1", 4711, "w-1"),
            2,
            Map.of()));
  }

  private static void write(OutcomeWriter writer, Item item) throws IOException {
    writer.write(new CallsInFlight.Call(item.index(), Payload.of("[1, 2]")), item, "");
  }

  @Test
  void a_value_is_written_unchanged() throws IOException {
    try (OutcomeWriter writer = new OutcomeWriter(out, null, false, false)) {
      write(writer, new Item(0, Payload.of("{\"ä\":[1.50,null]}"), null));
      write(writer, new Item(1, Payload.of("null"), null));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"index\":0,\"value\":{\"ä\":[1.50,null]}}\n{\"index\":1,\"value\":null}\n");
  }

  @Test
  void a_failure_does_not_contain_its_location() throws IOException {
    try (OutcomeWriter writer = new OutcomeWriter(out, null, false, false)) {
      write(writer, failed());
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"index\":3,\"error\":{\"type\":\"java.lang.ArithmeticException\","
                + "\"message\":\"/ by \\\"zero\\\"\",\"kind\":\"failed\",\"attempt\":2}}\n");
  }

  @Test
  void all_evidence_is_written_on_request() throws IOException {
    try (OutcomeWriter writer = new OutcomeWriter(out, null, false, true)) {
      write(writer, failed());
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"host\":\"host-1\"", "\"pid\":4711", "\"stack\":\"at a.B\"");
  }

  @Test
  void a_flush_writes_everything() throws IOException {
    try (OutcomeWriter writer = new OutcomeWriter(out, null, false, false)) {
      write(writer, new Item(0, Payload.of("1"), null));
      assertThat(out.size()).isZero();
      writer.flush();
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"index\":0,\"value\":1}\n");
    }
  }

  @Test
  void the_input_is_repeated_on_request() throws IOException {
    try (OutcomeWriter writer = new OutcomeWriter(out, null, true, false)) {
      write(writer, new Item(0, Payload.of("3"), null));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"index\":0,\"input\":[1, 2],\"value\":3}\n");
  }

  @Test
  void causes_are_part_of_the_error() throws IOException {
    RemoteFailure.Thrown cause =
        new RemoteFailure.Thrown(
            "java.io.IOException", "disk", null, List.of(), List.of(), List.of());
    RemoteFailure failure =
        RemoteFailure.of(FailureKind.FAILED, "no", 1).withCauses(List.of(cause), List.of());
    try (OutcomeWriter writer = new OutcomeWriter(out, null, false, false)) {
      write(writer, new Item(0, null, failure));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"causes\":[{\"type\":\"java.io.IOException\",\"message\":\"disk\"}]");
  }
}
