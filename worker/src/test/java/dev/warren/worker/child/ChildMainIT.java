package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.JsonOutcome;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.InitFailedHeader;
import dev.warren.worker.link.Note;
import dev.warren.worker.link.ReturnedHeader;
import dev.warren.worker.link.Setup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real child process, driven over its link by the test. The file is long because all tests share
 * one kind of child and read as a list of what the child protocol promises.
 */
@Timeout(600)
class ChildMainIT {
  private static final String F = TestFunctions.class.getName() + "::";

  @Test
  void values_of_every_shape_round_trip() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      assertThat(child.hello.token()).isEqualTo("secret");
      assertThat(child.hello.pid()).isEqualTo(child.process.pid());
      assertThat(child.value(F + "increment", "[41]")).isEqualTo("42");
      assertThat(child.value(F + "half", "[5]")).isEqualTo("2.5");
      assertThat(child.value(F + "negate", "[-9223372036854775807]"))
          .isEqualTo("9223372036854775807");
      assertThat(child.value(F + "not", "[true]")).isEqualTo("false");
      assertThat(child.value(F + "upper", "[\"aé\\n\"]")).isEqualTo("\"AÉ\\n\"");
      assertThat(child.value(F + "echo", "[null]")).isEqualTo("null");
      assertThat(child.value(F + "nothing", "[]")).isEqualTo("null");
      assertThat(child.value(F + "echoPoints", "[[{\"x\":1,\"y\":2}]]"))
          .isEqualTo("[{\"x\":1,\"y\":2}]");
      assertThat(child.value(F + "echoMap", "[{\"MONDAY\":1.10}]")).isEqualTo("{\"MONDAY\":1.10}");
      assertThat(child.value(F + "echoInstant", "[\"2026-11-22T10:00:00Z\"]"))
          .isEqualTo("\"2026-11-22T10:00:00Z\"");
      assertThat(child.value(F + "echoInstant", "[null]")).isEqualTo("null");
      assertThat(child.value(F + "echoBytes", "[\"AQID\"]")).isEqualTo("\"AQID\"");
      String point = TestFunctions.Point.class.getName();
      assertThat(child.value(point + "::new", "[1,2]")).isEqualTo("{\"x\":1,\"y\":2}");
      assertThat(child.value(point + "::sum", "[{\"x\":1,\"y\":2}]")).isEqualTo("3");
      assertThat(child.value(point + "::scaledSum", "[{\"x\":1,\"y\":2},10]")).isEqualTo("30");
    }
  }

  @Test
  void a_function_looked_up_in_advance_is_not_initialised_before_its_call() throws IOException {
    String likely = LookedUp.class.getName() + "::same";
    try (TestChild child = TestChild.jvm().ready(likely)) {
      assertThat(child.value("java.lang.System::getProperty", "[\"looked.up\"]")).isEqualTo("null");
      assertThat(child.value(likely, "[5]")).isEqualTo("5");
      assertThat(child.value("java.lang.System::getProperty", "[\"looked.up\"]"))
          .isEqualTo("\"by its call\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no.such.Type::same", "java.lang.Math::noSuchMethod", "no function", ""})
  void a_failed_advance_lookup_has_no_effect(String likely) throws IOException {
    try (TestChild child = TestChild.jvm().ready(likely)) {
      assertThat(child.value(F + "increment", "[41]")).isEqualTo("42");
    }
  }

  /** Reports when it is initialised. */
  static final class LookedUp {
    static {
      System.setProperty("looked.up", "by its call");
    }

    private LookedUp() {}

    static int same(int number) {
      return number;
    }
  }

  @Test
  void each_call_of_a_frame_has_its_own_outcome_in_order() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      List<JsonOutcome> outcomes =
          child.run(F + "increment", "[1]", "[\"x\"]", "nonsense", "[1,2]", "[5]");
      assertThat(outcomes).hasSize(5);
      assertThat(outcomes.get(0)).isEqualTo(new JsonOutcome.Succeeded(Payload.of("2")));
      assertThat(outcomes.subList(1, 4))
          .allSatisfy(o -> assertThat(failure(o).kind()).isEqualTo(FailureKind.REJECTED));
      assertThat(outcomes.get(4)).isEqualTo(new JsonOutcome.Succeeded(Payload.of("6")));
      assertThat(child.outcomeFrames().get(0).from()).isZero();
    }
  }

  @Test
  void captured_arguments_precede_each_calls_own() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      CallsHeader header =
          new CallsHeader(
              7, 10, 2, F + "add", null, true, "job", "0-1", 1, 0, 0, false, null, true);
      child.calls(header, "[100]", "[1]", "[2]");
      assertThat(child.outcomes(2))
          .containsExactly(
              new JsonOutcome.Succeeded(Payload.of("101")),
              new JsonOutcome.Succeeded(Payload.of("102")));
    }
  }

  @Test
  void an_exception_is_returned_with_its_stack_and_types() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      RemoteFailure failure = child.fail(F + "fail", "[\"boom\"]");
      assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
      assertThat(failure.type()).isEqualTo("java.lang.IllegalStateException");
      assertThat(failure.message()).isEqualTo("boom");
      assertThat(failure.retryable()).isTrue();
      assertThat(failure.types())
          .containsExactly(
              "java.lang.IllegalStateException",
              "java.lang.RuntimeException",
              "java.lang.Exception",
              "java.lang.Throwable");
      assertThat(failure.stack())
          .contains("TestFunctions.fail", "Caused by: java.io.IOException: the cause")
          .doesNotContain("CallRunner");
      assertThat(failure.where())
          .isEqualTo(new RemoteFailure.Where("testhost", child.process.pid(), "w-test-1"));
    }
  }

  @Test
  void errors_do_not_end_the_child() throws IOException {
    try (TestChild child = TestChild.jvm("-Xmx32m").ready()) {
      assertThat(child.fail(F + "recurse", "[0]").type()).isEqualTo("java.lang.StackOverflowError");
      assertThat(child.fail(F + "hostile", "[]").message()).contains("getMessage threw");
      assertThat(child.fail(F + "cycle", "[]").kind())
          .isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
      RemoteFailure faulty = child.fail(F + "faulty", "[]");
      assertThat(faulty.kind()).isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
      assertThat(faulty.message()).contains("java.util.HashMap", "inner", "no name yet");
      assertThat(child.value(F + "increment", "[1]")).isEqualTo("2");
    }
  }

  @Test
  void out_of_memory_is_reported_and_asks_for_a_new_child() throws IOException {
    try (TestChild child = TestChild.jvm("-Xmx32m").ready()) {
      child.calls(TestChild.header(1, 1, F + "eat"), "[]");
      child.expect(FrameType.RECYCLE);
      assertThat(failure(child.outcomes(1).get(0)).type()).isEqualTo("java.lang.OutOfMemoryError");
    }
  }

  @Test
  void a_result_over_the_limit_is_reported_with_both_sizes() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      RemoteFailure failure = child.fail(F + "big", "[3000000]");
      assertThat(failure.kind()).isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
      assertThat(failure.message()).contains("3000012", "" + TestChild.MAX_RESULT);
      assertThat(child.value(F + "increment", "[1]")).isEqualTo("2");
    }
  }

  @Test
  void a_long_call_is_marked_as_running_after_the_outcomes_before_it() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(TestChild.header(3, 3, F + "sleep"), "[0]", "[0]", "[300]");
      int outcomes = 0;
      while (outcomes < 2) {
        Frame frame = child.next();
        if (frame != null && frame.type() == FrameType.OUTCOMES) {
          outcomes += frame.lines().count();
        }
      }
      CallMark mark = CallMark.read(child.expect(FrameType.RUNNING));
      assertThat(mark.task()).isEqualTo(3);
      assertThat(mark.index()).isEqualTo(2);
      assertThat(mark.ranMicros()).isBetween(2000L, 250_000L);
      assertThat(child.outcomes(1)).hasSize(1);
    }
  }

  @Test
  void in_precise_mode_each_call_is_marked_and_its_outcome_written_before_the_next()
      throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      CallsHeader header =
          new CallsHeader(
              1, 0, 2, F + "increment", null, false, "j", "0-1", 1, 0, 0, true, null, true);
      child.calls(header, "[1]", "[2]");
      for (int i = 0; i < 2; i++) {
        assertThat(CallMark.read(child.expect(FrameType.RUNNING)).index()).isEqualTo(i);
        assertThat(child.expect(FrameType.OUTCOMES).lines().count()).isEqualTo(1);
      }
    }
  }

  @Test
  void many_short_calls_share_frames() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      String[] args = IntStream.range(0, 5000).mapToObj(i -> "[" + i + "]").toArray(String[]::new);
      List<JsonOutcome> outcomes = child.run(F + "increment", args);
      for (int i = 0; i < args.length; i++) {
        assertThat(outcomes.get(i)).isEqualTo(new JsonOutcome.Succeeded(Payload.of("" + (i + 1))));
      }
      assertThat(child.outcomeFrames().size()).isLessThan(1000);
    }
  }

  @Test
  void a_soft_limit_interrupts_its_own_call_and_no_other() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(soft(1, 1, "sleep", 50), "[10000]");
      RemoteFailure failure = failure(child.outcomes(1).get(0));
      assertThat(failure.kind()).isEqualTo(FailureKind.TIME_LIMIT);
      assertThat(failure.details()).containsEntry("limit", "soft").containsEntry("limitMs", 50);
      assertThat(failure.message()).contains("50 ms", "InterruptedException");

      child.calls(soft(2, 1, "spinUntilInterrupted", 20), "[180000]");
      assertThat(child.outcomes(1)).containsExactly(new JsonOutcome.Succeeded(Payload.of("true")));

      // calls that end at about their limit: some are interrupted, and none of the calls between
      // them is
      for (int round = 0; round < 300; round++) {
        child.calls(soft(3, 1, "spin", 2), "[2]");
        child.calls(TestChild.header(4, 3, F + "checkInterrupt"), "[1]", "[2]", "[3]");
        List<JsonOutcome> outcomes = child.outcomes(4);
        assertThat(outcomes.subList(1, 4))
            .extracting(o -> o.fold(Payload::text, RemoteFailure::message))
            .containsExactly("1", "2", "3");
      }
      String[] args = IntStream.range(0, 3000).mapToObj(i -> "[" + i + "]").toArray(String[]::new);
      child.calls(soft(5, args.length, "checkInterrupt", 1), args);
      List<JsonOutcome> ends = child.outcomes(args.length);
      // a call that the machine delayed for more than a millisecond is itself interrupted
      assertThat(ends.stream().filter(ChildMainIT::failedOnItsOwn)).isEmpty();
    }
  }

  @Test
  void a_calls_stack_is_reported_at_its_soft_limit_before_the_interrupt() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(soft(1, 1, "sleep", 50), "[10000]");
      Note note = Note.read(child.expect(FrameType.NOTE));
      assertThat(note).isEqualTo(new Note(1, 0, null, null, "soft", note.stack()));
      assertThat(note.stack())
          .contains("\tat java.base/java.lang.Thread.sleep", "TestFunctions.sleep(")
          .doesNotContain("Callee", "InterruptedException");
      assertThat(child.outcomes(1)).hasSize(1);
    }
  }

  @Test
  void a_calls_stack_is_reported_once_before_its_hard_limit() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      CallsHeader hard =
          new CallsHeader(
              1, 0, 1, F + "sleep", null, false, "j", "0-1", 1, 0, 400, false, null, true);
      child.calls(hard, "[1000]");
      Note note = Note.read(child.expect(FrameType.NOTE));
      assertThat(note.limit()).isEqualTo("hard");
      assertThat(note.stack()).contains("TestFunctions.sleep(");
      // nothing kills it here: it continues without further reports
      assertThat(child.next()).isNotNull().extracting(Frame::type).isEqualTo(FrameType.OUTCOMES);
    }
  }

  @Test
  void an_interrupt_flag_left_by_one_call_is_not_seen_by_the_next() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      assertThat(child.value(F + "leaveInterruptFlag", "[]")).isEqualTo("true");
      assertThat(child.value(F + "checkInterrupt", "[5]")).isEqualTo("5");
    }
  }

  @Test
  void a_running_call_is_interrupted_and_a_waiting_one_not_started() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(TestChild.header(1, 3, F + "sleep"), "[10000]", "[10000]", "[0]");
      child.expect(FrameType.RUNNING);
      child.interrupt(1, 1);
      child.interrupt(1, 0);
      child.interrupt(1, 77);
      List<JsonOutcome> outcomes = child.outcomes(3);
      assertThat(failure(outcomes.get(0)).kind()).isEqualTo(FailureKind.CANCELLED);
      assertThat(failure(outcomes.get(0)).message()).contains("while it ran");
      assertThat(failure(outcomes.get(1)).kind()).isEqualTo(FailureKind.CANCELLED);
      assertThat(failure(outcomes.get(1)).message()).contains("before it began");
      assertThat(outcomes.get(2)).isEqualTo(new JsonOutcome.Succeeded(Payload.of("1")));
      child.interrupt(1, 2); // it has ended: ignored
      assertThat(child.value(F + "checkInterrupt", "[5]")).isEqualTo("5");
    }
  }

  @Test
  void unstarted_calls_are_returned_and_the_running_one_ends_normally() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      assertThat(child.hello.withdraw()).isTrue();
      child.calls(TestChild.header(1, 3, F + "sleep"), "[200]", "[0]", "[0]");
      child.calls(TestChild.header(2, 2, F + "increment"), "[0]", "[1]");
      child.expect(FrameType.RUNNING);
      child.send(Frame.empty(FrameType.WITHDRAW));
      assertThat(ReturnedHeader.read(child.expect(FrameType.RETURNED)))
          .isEqualTo(new ReturnedHeader(2, 0, 2));
      assertThat(ReturnedHeader.read(child.expect(FrameType.RETURNED)))
          .isEqualTo(new ReturnedHeader(1, 1, 2));
      assertThat(child.outcomes(1)).containsExactly(new JsonOutcome.Succeeded(Payload.of("1")));
      child.send(Frame.empty(FrameType.WITHDRAW)); // nothing to return
      assertThat(child.value(F + "increment", "[5]")).isEqualTo("6");
    }
  }

  @Test
  void a_call_sees_that_it_is_cancelled() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(TestChild.header(1, 1, F + "cancelled"), "[]");
      child.expect(FrameType.RUNNING);
      child.interrupt(1, 0);
      assertThat(child.outcomes(1)).containsExactly(new JsonOutcome.Succeeded(Payload.of("true")));
    }
  }

  @Test
  void a_call_can_read_its_context_and_report() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      CallsHeader header =
          new CallsHeader(
              4,
              20,
              1,
              F + "context",
              null,
              false,
              "job-9",
              "117",
              2,
              0,
              60_000,
              false,
              null,
              true);
      child.calls(header, "[]");
      assertThat(Note.read(child.expect(FrameType.NOTE)))
          .isEqualTo(Note.ofCall(4, 20, "a line", null));
      assertThat(Note.read(child.expect(FrameType.NOTE))).isEqualTo(Note.ofCall(4, 20, null, 0.5));
      child.expect(FrameType.RECYCLE);
      assertThat(child.outcomes(1))
          .containsExactly(new JsonOutcome.Succeeded(Payload.of("\"job-9 117 2 true\"")));
    }
  }

  @Test
  void the_initializer_runs_before_the_first_call() throws IOException {
    try (TestChild child = TestChild.jvm()) {
      child.send(setup("[\"hello\"]").frame());
      child.expect(FrameType.READY);
      assertThat(child.value(F + "initialised", "[]")).isEqualTo("\"hello\"");
    }
  }

  @Test
  void a_class_that_provides_no_mapper_is_reported_before_any_call() throws IOException {
    for (String json : List.of("a.B", "java.lang.String", TestFunctions.class.getName())) {
      try (TestChild child = TestChild.jvm()) {
        child.send(
            new Setup(
                    1,
                    "w-1",
                    "h",
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    List.of(),
                    TestChild.MAX_RESULT,
                    null,
                    json,
                    "w")
                .frame());
        RemoteFailure failure = InitFailedHeader.read(child.expect(FrameType.INIT_FAILED));
        assertThat(failure.kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
        assertThat(failure.message()).contains("json class " + json).hasLineCount(1);
      }
    }
  }

  @Test
  void only_classes_of_the_app_may_supply_a_mapper() throws IOException {
    try (TestChild child = TestChild.jvm()) {
      child.send(
          new Setup(
                  1,
                  "w-1",
                  "h",
                  null,
                  null,
                  null,
                  List.of("/nowhere/app.jar"),
                  List.of(),
                  List.of(),
                  TestChild.MAX_RESULT,
                  null,
                  TestFunctions.class.getName(),
                  "w")
              .frame());
      assertThat(InitFailedHeader.read(child.expect(FrameType.INIT_FAILED)).message())
          .contains("not allowed");
    }
  }

  @Test
  void a_failing_initializer_is_reported_and_ends_the_child()
      throws IOException, InterruptedException {
    try (TestChild child = TestChild.jvm()) {
      child.send(setup("[\"fail\"]").frame());
      RemoteFailure failure = InitFailedHeader.read(child.expect(FrameType.INIT_FAILED));
      assertThat(failure.kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
      assertThat(failure.type()).isEqualTo("java.lang.IllegalStateException");
      assertThat(failure.message()).contains("initialise", "cannot initialise");
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void quit_lets_the_running_call_end_and_drops_the_rest()
      throws IOException, InterruptedException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(TestChild.header(1, 2, F + "sleep"), "[200]", "[0]");
      child.calls(TestChild.header(2, 1, F + "sleep"), "[0]");
      child.expect(FrameType.RUNNING);
      child.quit();
      assertThat(child.outcomes(1)).hasSize(1);
      assertThat(child.next()).isNull();
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void quit_does_not_wait_for_threads_of_user_code() throws IOException, InterruptedException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.run(F + "stubbornThread", "[]");
      child.quit();
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void an_exit_in_user_code_sends_the_earlier_outcomes() throws IOException, InterruptedException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.calls(TestChild.header(1, 1, F + "increment"), "[1]");
      child.calls(TestChild.header(2, 1, F + "exit"), "[3]");
      assertThat(child.outcomes(1)).hasSize(1);
      Frame frame = child.next();
      assertThat(frame == null || frame.type() == FrameType.RUNNING).isTrue();
      assertThat(child.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void the_end_of_the_link_ends_a_spinning_child_and_its_descendants()
      throws IOException, InterruptedException {
    try (TestChild child = TestChild.jvm().ready()) {
      long grandchild = Long.parseLong(child.value(F + "spawn", "[]"));
      child.calls(TestChild.header(2, 1, F + "spin"), "[600000]");
      child.expect(FrameType.RUNNING);
      assertThat(alive(grandchild)).isTrue();
      child.channel.close();
      assertThat(child.exitCode()).isEqualTo(1);
      await().atMost(Duration.ofMinutes(3)).until(() -> !alive(grandchild));
    }
  }

  @Test
  void functions_outside_the_app_are_refused() throws IOException {
    try (TestChild child = TestChild.jvm()) {
      child.send(TestChild.setup(null, List.of("/nowhere/app.jar")).frame());
      child.expect(FrameType.READY);
      assertThat(child.fail(F + "increment", "[1]").message()).contains("not allowed");
      RemoteFailure failure = child.fail("java.lang.Runtime::getRuntime", "[]");
      assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
      assertThat(failure.retryable()).isFalse();
    }
  }

  @Test
  void garbage_on_the_link_ends_the_child() throws IOException, InterruptedException {
    try (TestChild child = TestChild.jvm().ready()) {
      child.channel.write(Payload.of("garbage, not a frame").toBuffer());
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.output()).contains("its link broke");
    }
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static Setup setup(String initArgs) {
    return new Setup(
        1,
        "w-1",
        "h",
        F + "initialise",
        null,
        Payload.of(initArgs),
        null,
        List.of(),
        List.of(),
        TestChild.MAX_RESULT,
        null,
        null,
        "w");
  }

  private static CallsHeader soft(long task, int count, String method, long softMs) {
    return new CallsHeader(
        task,
        0,
        count,
        F + method,
        null,
        false,
        "j",
        "0-" + count,
        1,
        softMs,
        0,
        false,
        null,
        true);
  }

  private static boolean failedOnItsOwn(JsonOutcome outcome) {
    return outcome.fold(value -> false, failure -> failure.kind() != FailureKind.TIME_LIMIT);
  }

  private static RemoteFailure failure(JsonOutcome outcome) {
    return outcome.fold(
        value -> {
          throw new AssertionError("expected a failure, got " + value);
        },
        failure -> failure);
  }
}
