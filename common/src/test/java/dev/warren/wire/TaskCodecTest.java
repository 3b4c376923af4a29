package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Lines;
import dev.warren.task.Backoff;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.trace.TraceContext;
import dev.warren.wire.TaskMessage.Counts;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskCodecTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static final WireCodecs CODECS = WireCodecs.create();

  private static final TaskOptions ALL =
      TaskOptions.builder()
          .timeLimit(Duration.ofSeconds(30))
          .softTimeLimit(Duration.ofMillis(1500))
          .maxAttempts(5)
          .backoff(new Backoff(Duration.ofMillis(100), 1.5, Duration.ofSeconds(9), 0.25))
          .retryOn(IOException.class)
          .retryOn(IllegalStateException.class)
          .childLost(7)
          .hostLost(0)
          .priority(9)
          .coalesce(false)
          .strictJson(false)
          .build();

  private static TaskMessage full() {
    return new TaskMessage(
        "id-1",
        "warren.results.me",
        null,
        true,
        "job-1",
        new FunctionRef("com.acme.Stats", "lambda$0", "(ILjava/util/List;)D", "0123abcd"),
        CallRanges.parse("3-4,9"),
        new PoolSettings(
            new FunctionRef("com.acme.Setup", "init", null, "beef"), Payload.of("[1,\"ü\"]"), 7),
        Payload.of("[\"captured\"]"),
        Lines.split(Payload.of("[1]\n[{\"a\":null}]\n[]")),
        ALL,
        new Counts(2, 1, 3),
        new TaskMessage.Times(1_700_000_000_123L, 1_600_000_000_456L, 1_600_000_000_000L, 30_000),
        true);
  }

  /** All fields but the lines, which do not define equality. */
  private static void assertSame(TaskMessage read, TaskMessage wanted) {
    assertThat(read)
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .ignoringFields("args")
        .isEqualTo(wanted);
    assertThat(read.args().run(0, read.count())).isEqualTo(wanted.args().run(0, wanted.count()));
  }

  @Test
  void a_task_with_everything_set_survives_its_message() {
    TaskMessage task = full();
    Message message = CODECS.tasks().write(task);
    assertThat(message.priority()).isEqualTo(9);
    assertThat(message.type()).isEqualTo("warren.task");
    assertSame(CODECS.tasks().read(message), task);
  }

  @Test
  void defaults_are_not_sent() {
    TaskMessage task =
        new TaskMessage(
            "id",
            null,
            null,
            true,
            "job",
            FunctionRef.parse("a.B::c", null),
            CallRanges.of(0, 1),
            PoolSettings.DEFAULTS,
            null,
            Lines.split(Payload.of("[1]")),
            TaskOptions.DEFAULTS,
            Counts.FIRST,
            TaskMessage.Times.ANY,
            false);
    assertThat(CODECS.tasks().write(task).headers())
        .containsOnlyKeys("warren-version", "warren-fn", "warren-calls", "warren-job");
    assertSame(CODECS.tasks().read(CODECS.tasks().write(task)), task);
  }

  @Test
  void a_part_has_its_calls_and_counts_and_everything_else_of_the_task() {
    TaskMessage part = full().part("id-2", 1, 3, new Counts(3, 1, 3), 42);
    assertThat(part.calls()).hasToString("4,9");
    assertThat(part.args().get(0).text()).isEqualTo("[{\"a\":null}]");
    assertThat(part.args().get(1).text()).isEqualTo("[]");
    assertThat(part.count()).isEqualTo(2);
    TaskMessage read = CODECS.tasks().read(CODECS.tasks().write(part));
    assertSame(read, part);
    assertThat(read.captured()).isEqualTo(full().captured());
    assertThat(read.settings()).isEqualTo(full().settings());
    assertThat(read.options()).isEqualTo(ALL);
    assertThat(read.times())
        .isEqualTo(new TaskMessage.Times(1_700_000_000_123L, 0, 1_600_000_000_000L, 42));
  }

  @Test
  void a_place_in_a_trace_travels_with_the_task_and_its_parts() {
    TraceContext context = new TraceContext(PARENT, "vendor=1");
    TaskMessage sent = full().traced(context);
    assertThat(CODECS.tasks().write(sent).headers())
        .containsEntry("traceparent", PARENT)
        .containsEntry("tracestate", "vendor=1");
    TaskMessage read = CODECS.tasks().read(CODECS.tasks().write(sent));
    assertThat(read.trace()).isEqualTo(context);
    assertThat(read.part("id-2", 1, 3, new Counts(2, 0, 0), 0).trace()).isEqualTo(context);
    assertThat(CODECS.tasks().write(full()).headers()).doesNotContainKey("traceparent");
  }

  @Test
  void a_context_that_cannot_be_read_costs_no_call() {
    for (Object wrong : List.of("00-12-34-01", 17, true, "x".repeat(100_000))) {
      Message message = foreign(Map.of("traceparent", wrong, "tracestate", wrong), "[1]");
      TaskMessage task = CODECS.tasks().read(message);
      assertThat(task.trace()).isNull();
      assertThat(task.options()).isEqualTo(TaskOptions.DEFAULTS);
    }
    Message foreign = foreign(Map.of("traceparent", PARENT, "tracestate", 5), "[1]");
    assertThat(CODECS.tasks().read(foreign).trace()).isEqualTo(new TraceContext(PARENT, null));
  }

  private static Message foreign(Map<String, Object> headers, String body) {
    Map<String, Object> all = new HashMap<>();
    all.put("warren-version", 1);
    all.put("warren-fn", "com.acme.Stats::score");
    all.putAll(headers);
    all.values().removeIf("-"::equals);
    return new Message("m-1", null, "answers", "c-9", 4, all, Payload.of(body));
  }

  @Test
  void a_minimal_foreign_message_is_one_call_with_defaults() {
    TaskMessage task = CODECS.tasks().read(foreign(Map.of(), "[\n  1,\n  {\"a\": 2}\n]\n"));
    assertThat(task.id()).isEqualTo("m-1");
    assertThat(task.job()).isEqualTo("m-1");
    assertThat(task.owner()).isEqualTo("answers");
    assertThat(task.correlationId()).isEqualTo("c-9");
    assertThat(task.numbered()).isFalse();
    assertThat(task.count()).isEqualTo(1);
    assertThat(task.args().get(0).text()).isEqualTo("[   1,   {\"a\": 2} ] ");
    assertThat(task.options()).isEqualTo(TaskOptions.DEFAULTS);
    assertThat(task.counts()).isEqualTo(Counts.FIRST);
    assertThat(task.settings().isDefault()).isTrue();
    assertThat(task.function()).hasToString("com.acme.Stats::score");
  }

  @Test
  void numbers_may_be_sent_as_text() {
    TaskMessage task =
        CODECS
            .tasks()
            .read(foreign(Map.of("warren-time-limit-ms", "1500", "warren-attempt", 2L), "[]"));
    assertThat(task.options().timeLimit()).isEqualTo(Duration.ofMillis(1500));
    assertThat(task.counts().attempt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "warren-version | -      | header warren-version is missing; it must be 1",
        "warren-version | 2      | header warren-version is 2; this worker reads 1",
        "warren-version | x      | header warren-version is x",
        "warren-fn | -           | header warren-fn is missing",
        "warren-fn | com.acme    | not a function: 'com.acme'; write com.acme.Stats::score",
        "warren-fn | a::b::c     | not a function",
        "warren-calls | 1-       | warren-calls",
        "warren-calls | 1-2      | header warren-calls names 2 calls, the body has 1",
        "warren-attempt | 0      | header warren-attempt is 0; must be 1 to 1000000",
        "warren-attempt | many   | header warren-attempt is not a number: 'many'",
        "warren-max-attempts | 1001        | header warren-max-attempts is 1001",
        "warren-child-losses | -1          | header warren-child-losses is -1",
        "warren-host-losses | -1           | header warren-host-losses is -1",
        "warren-max-child-losses | 1001    | header warren-max-child-losses is 1001",
        "warren-max-host-losses | 1001     | header warren-max-host-losses is 1001",
        "warren-time-limit-ms | 0          | header warren-time-limit-ms is 0; must be 1 to",
        "warren-soft-time-limit-ms | x     | header warren-soft-time-limit-ms is not a number",
        "warren-backoff-initial-ms | -5    | header warren-backoff-initial-ms is -5",
        "warren-backoff-max-ms | 99999999999 | header warren-backoff-max-ms",
        "warren-backoff-factor-percent | 50 | header warren-backoff-factor-percent is 50",
        "warren-backoff-jitter-percent | 101 | header warren-backoff-jitter-percent is 101",
        "warren-expires-at-ms | soon       | header warren-expires-at-ms is not a number",
        "warren-not-before-ms | -1         | header warren-not-before-ms is -1",
        "warren-captured | true            | the body has no call",
        "warren-settings | abc             | the body has no call",
      })
  void each_malformed_header_is_named(String header, String value, String message) {
    assertThatThrownBy(() -> CODECS.tasks().read(foreign(Map.of(header, value), "[1]")))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void options_that_contradict_each_other_are_named() {
    Map<String, Object> headers =
        Map.of("warren-time-limit-ms", 100, "warren-soft-time-limit-ms", 100);
    assertThatThrownBy(() -> CODECS.tasks().read(foreign(headers, "[1]")))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("softTimeLimit");
  }

  @Test
  void malformed_settings_are_named() {
    assertThatThrownBy(
            () -> CODECS.tasks().read(foreign(Map.of("warren-settings", "k"), "{\"x\n[1]")))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("pool settings");
  }

  @Test
  void numbered_calls_without_a_body_are_refused() {
    assertThatThrownBy(() -> CODECS.tasks().read(foreign(Map.of("warren-calls", "1"), "")))
        .isInstanceOf(WireFormatException.class)
        .hasMessage("the body has no call");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|''", "1|'LF'", "1-2|'[1]LFLF'", "1-3|'[1]LFLF[3]'"})
  void an_empty_line_is_not_a_call(String calls, String body) {
    Map<String, Object> headers = calls.isEmpty() ? Map.of() : Map.of("warren-calls", calls);
    assertThatThrownBy(() -> CODECS.tasks().read(foreign(headers, body.replace("LF", "\n"))))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("empty line");
  }
}
