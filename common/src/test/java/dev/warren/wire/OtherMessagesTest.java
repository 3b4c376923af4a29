package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Lines;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ControlLimits;
import dev.warren.wire.control.DrainMessage;
import dev.warren.wire.control.ExplainAnswer;
import dev.warren.wire.control.ExplainMessage;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.StateReport;
import dev.warren.wire.control.WatchMessage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtherMessagesTest {
  private static final WireCodecs CODECS = WireCodecs.create();

  private static final RemoteFailure FAILURE =
      new RemoteFailure(
          FailureKind.CHILD_LOST,
          "child_lost",
          "died with \"signal 9\"\nand a line feed",
          "stack\n\tat x",
          List.of("a.B", "java.lang.Throwable"),
          true,
          new RemoteFailure.Where("host", 42, "w-1"),
          3,
          Map.of("signal", 9, "stderr", List.of("one", "two")));

  private static Message with(Message message, Map<String, Object> headers, String body) {
    return new Message(message.id(), message.type(), null, null, 4, headers, Payload.of(body));
  }

  @Test
  void a_result_survives_its_message() {
    ResultMessage result =
        new ResultMessage(
            "r-1",
            "warren.results.me",
            "c",
            CallRanges.parse("1-2,7"),
            Lines.split(
                Payload.of("{\"value\":null}\n{\"value\":[1]}\n" + OutcomeLine.of(FAILURE).text())),
            1234,
            "w-1");
    ResultMessage read = CODECS.results().read("warren.results.me", CODECS.results().write(result));
    assertThat(read).usingRecursiveComparison().ignoringFields("outcomes").isEqualTo(result);
    assertThat(OutcomeLine.read(read.outcomes().get(0)))
        .isEqualTo(new JsonOutcome.Succeeded(Payload.of("null")));
    assertThat(OutcomeLine.read(read.outcomes().get(1)))
        .isEqualTo(new JsonOutcome.Succeeded(Payload.of("[1]")));
    assertThat(OutcomeLine.read(read.outcomes().get(2))).isEqualTo(new JsonOutcome.Failed(FAILURE));
  }

  @Test
  void a_result_with_a_line_too_few_names_both_counts() {
    Message message =
        with(
            new Message("r", ResultMessage.TYPE, null, null, 4, Map.of(), Payload.EMPTY),
            Map.of("warren-version", 1, "warren-calls", "1-3"),
            "{\"value\":1}");
    assertThatThrownBy(() -> CODECS.results().read("q", message))
        .isInstanceOf(WireFormatException.class)
        .hasMessage("header warren-calls names 3 calls, the body has 1");
  }

  @Test
  void a_line_that_is_not_an_outcome_is_refused() {
    for (String line : List.of("", "{}", "{\"value\":", "{\"error\":1}", "{\"valu\":1}", "[1]")) {
      assertThatThrownBy(() -> OutcomeLine.read(Payload.of(line)))
          .isInstanceOf(WireFormatException.class)
          .hasMessageContaining("not an outcome");
    }
  }

  @Test
  void a_cancel_survives_its_message_with_calls_and_without() {
    CancelMessage some = new CancelMessage("c", "q", CallRanges.parse("1-5,9"), 500);
    CancelMessage all = new CancelMessage("c", "q", null, 0);
    assertThat(CancelMessage.of(some.toMessage())).isEqualTo(some);
    assertThat(CancelMessage.of(all.toMessage())).isEqualTo(all);
  }

  @Test
  void a_control_message_of_another_type_is_named() {
    Message other =
        new Message("c", "warren.what", null, null, 4, Map.of("warren-version", 1), Payload.EMPTY);
    assertThatThrownBy(() -> CancelMessage.of(other))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("'warren.what'");
  }

  @Test
  void a_cancel_without_owner_or_with_a_bad_grace_is_named() {
    Message good = new CancelMessage("c", "q", null, 0).toMessage();
    assertThatThrownBy(() -> CancelMessage.of(with(good, Map.of("warren-version", 1), "")))
        .hasMessage("header warren-owner is missing");
    Map<String, Object> headers =
        Map.of("warren-version", 1, "warren-owner", "q", "warren-grace-ms", 3_600_001);
    assertThatThrownBy(() -> CancelMessage.of(with(good, headers, "")))
        .hasMessageContaining("warren-grace-ms is 3600001; must be -1 to 3600000");
  }

  @Test
  void a_heartbeat_survives_its_message() {
    Heartbeat heartbeat =
        new Heartbeat(
            "w-1",
            "host",
            42,
            7,
            4,
            3,
            List.of("m1", "m2"),
            false,
            2000,
            false,
            0,
            List.of(),
            100_000);
    assertThat(Heartbeat.of(heartbeat.toMessage())).isEqualTo(heartbeat);
    Message bad = with(heartbeat.toMessage(), Map.of("warren-version", 1), "{");
    assertThatThrownBy(() -> Heartbeat.of(bad))
        .isInstanceOf(WireFormatException.class)
        .hasMessageStartingWith("heartbeat: ");
  }

  @Test
  void a_state_report_survives_its_message() {
    SlotReport busy =
        new SlotReport(
            0,
            "w-1-1",
            43,
            SlotReport.State.BUSY,
            3,
            10,
            5_000_000,
            0,
            "j",
            7,
            "a.B::c",
            900,
            2,
            "memory",
            "memory 9 MiB over 8 MiB");
    SlotReport empty =
        new SlotReport(
            1, null, 0, SlotReport.State.EMPTY, 0, 0, 0, 0, null, 0, null, 0, 0, null, null);
    StateReport report =
        new StateReport(
            "w-1", "host", 42, 7, 2000, "0.1", 2, false, 3, 100, 4, 5, 6, List.of(busy, empty));
    Message message = report.toMessage();
    assertThat(StateReport.of(message)).isEqualTo(report);
    for (String wrong :
        List.of(
            "null",
            "{",
            "{}",
            message.body().toString().replace("\"BUSY\"", "\"ODD\""),
            message.body().toString().replace("\"pid\":42", "\"pid\":-1"),
            message.body().toString().replace("\"host\":\"host\"", "\"host\":null"))) {
      Message bad = with(message, Map.of("warren-version", 1), wrong);
      assertThatThrownBy(() -> StateReport.of(bad))
          .as(wrong)
          .isInstanceOf(WireFormatException.class);
    }
  }

  @Test
  void a_state_report_that_would_be_too_large_leaves_children_out() {
    String longest = "n".repeat(ControlLimits.NAME);
    SlotReport busy =
        new SlotReport(
            0,
            longest,
            4242,
            SlotReport.State.BUSY,
            1,
            2,
            3,
            4,
            longest,
            1,
            longest,
            1000,
            1,
            longest,
            longest);
    StateReport report =
        new StateReport(
            "w-1",
            "host",
            42,
            7,
            2000,
            "0.1",
            400,
            false,
            3,
            100,
            4,
            5,
            6,
            Collections.nCopies(StateReport.MAX_CHILDREN, busy));
    StateReport read = StateReport.of(report.toMessage());
    assertThat(read.children()).hasSizeBetween(100, StateReport.MAX_CHILDREN - 1);
    assertThat(read.slots()).isEqualTo(400);
  }

  @Test
  void requests_to_workers_survive_their_messages() {
    WatchMessage watch = new WatchMessage("m", 30);
    assertThat(WatchMessage.of(watch.toMessage())).isEqualTo(watch);
    DrainMessage drain = new DrainMessage("m", "w-1");
    assertThat(DrainMessage.of(drain.toMessage())).isEqualTo(drain);
    Message forever = with(watch.toMessage(), Map.of("warren-version", 1), "{\"seconds\":61}");
    assertThatThrownBy(() -> WatchMessage.of(forever)).hasMessage("seconds is 61; must be 1 to 60");
    Message nobody = with(drain.toMessage(), Map.of("warren-version", 1), "{}");
    assertThatThrownBy(() -> DrainMessage.of(nobody)).hasMessage("supervisor is missing");
  }

  @Test
  void questions_about_a_call_survive_their_messages() {
    ExplainMessage byJob = new ExplainMessage("m", "replies", "job", List.of(7L, 1L << 40), null);
    assertThat(ExplainMessage.of(byJob.toMessage())).isEqualTo(byJob);
    ExplainMessage byMessage = new ExplainMessage("m", "replies", null, List.of(), "id~part");
    assertThat(ExplainMessage.of(byMessage.toMessage())).isEqualTo(byMessage);
    for (String wrong :
        List.of(
            "null",
            "{",
            "{}",
            "{\"job\":\"j\"}",
            "{\"job\":\"j\",\"calls\":[null]}",
            "{\"job\":\"" + "j".repeat(1001) + "\",\"calls\":[1]}",
            "{\"job\":\"j\",\"calls\":[" + "1,".repeat(100) + "1]}",
            "{\"message\":\"" + "m".repeat(256) + "\"}")) {
      Message bad = with(byJob.toMessage(), Map.of("warren-version", 1), wrong);
      assertThatThrownBy(() -> ExplainMessage.of(bad))
          .as(wrong)
          .isInstanceOf(WireFormatException.class);
    }
  }

  @Test
  void answers_about_a_call_survive_their_message_and_lose_old_tasks_if_they_are_too_large() {
    ExplainAnswer.Event event = new ExplainAnswer.Event(1, "given", "☠".repeat(300));
    ExplainAnswer.Task task =
        new ExplainAnswer.Task(
            "m", true, true, 3, Collections.nCopies(ExplainAnswer.EVENTS, event));
    ExplainAnswer answer = new ExplainAnswer("w-1", "host", 2, List.of(task));
    assertThat(ExplainAnswer.of(answer.toMessage("a"))).isEqualTo(answer);
    ExplainAnswer large =
        new ExplainAnswer("w-1", "host", 2, Collections.nCopies(ExplainAnswer.TASKS, task));
    assertThat(ExplainAnswer.of(large.toMessage("a")).tasks()).hasSize(2);
    Message message = answer.toMessage("a");
    String body = message.body().text();
    for (String wrong :
        List.of(
            "null",
            "{",
            "{}",
            body.replace("\"atMillis\":1", "\"atMillis\":-1"),
            body.replace("\"given\"", "null"),
            body.replace("\"text\":\"", "\"text\":\"x"),
            body.replace("\"omitted\":3", "\"omitted\":-1"))) {
      Message bad = with(message, Map.of("warren-version", 1), wrong);
      assertThatThrownBy(() -> ExplainAnswer.of(bad))
          .as(wrong.substring(0, Math.min(80, wrong.length())))
          .isInstanceOf(WireFormatException.class);
    }
  }

  @Test
  void functions_are_parsed_in_every_form() {
    assertThat(FunctionRef.parse("a.B$C::d", null))
        .isEqualTo(new FunctionRef("a.B$C", "d", null, null));
    assertThat(FunctionRef.parse("a.B::new(I)V", "dig"))
        .isEqualTo(new FunctionRef("a.B", "new", "(I)V", "dig"))
        .hasToString("a.B::new(I)V");
    for (String wrong :
        List.of(
            "",
            "a.B",
            "a.B::",
            "::c",
            "a:b::c",
            "a::b::c",
            "a b::c",
            "a::c(",
            "a::c()",
            "a::c(I V",
            "a::c(I) V",
            "(I)V",
            "a)::c",
            "a::c)")) {
      assertThatThrownBy(() -> FunctionRef.parse(wrong, null))
          .isInstanceOf(WireFormatException.class)
          .hasMessageContaining("'" + wrong + "'");
    }
  }

  @Test
  void equal_settings_have_equal_keys_and_different_ones_differ() {
    PoolSettings first = new PoolSettings(null, Payload.of("[]"), 7);
    assertThat(PoolSettings.ofJson(first.toJson())).isEqualTo(first);
    assertThat(new PoolSettings(null, Payload.of("[]"), 7).key()).isEqualTo(first.key());
    assertThat(new PoolSettings(null, Payload.of("[]"), 8).key()).isNotEqualTo(first.key());
    assertThat(PoolSettings.DEFAULTS.key()).isEqualTo("default");
    PoolSettings json = new PoolSettings(null, Payload.of("[]"), "a.Json", 7);
    assertThat(PoolSettings.ofJson(json.toJson())).isEqualTo(json);
    assertThat(json.key()).isNotEqualTo(first.key());
  }

  @Test
  void an_initializers_arguments_keep_every_byte() {
    FunctionRef init = new FunctionRef("a.B", "c", "(D)V", null);
    Payload args =
        Payload.of("[1.10,-0.0,1E+400,9007199254740993.0, \"ü\\ud83d\",{\"initArgs\":[2]}]");
    PoolSettings settings = new PoolSettings(init, args, "a.Json", 0);
    Payload line = Payload.of("xx" + settings.toJson().text());
    assertThat(PoolSettings.ofJson(line.slice(2, line.length()))).isEqualTo(settings);
  }
}
