package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.RepositoryFiles;
import dev.warren.wire.JsonOutcome;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.InitFailedHeader;
import dev.warren.worker.link.Setup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Drives the example child as a supervisor does, to show that docs/child-protocol.md is sufficient.
 */
@Timeout(600)
class PythonChildIT {

  @Test
  void runs_functions_by_name_and_marks_each() throws IOException {
    try (TestChild child = python().ready()) {
      child.calls(TestChild.header(1, 2, "math::sqrt"), "[16]", "[2.25]");
      for (String value : List.of("4.0", "1.5")) {
        child.expect(FrameType.RUNNING);
        assertThat(child.outcomes(1)).containsExactly(new JsonOutcome.Succeeded(Payload.of(value)));
      }
    }
  }

  @Test
  void reports_errors_with_a_traceback() throws IOException {
    try (TestChild child = python().ready()) {
      RemoteFailure failure = child.fail("math::sqrt", "[-1]");
      assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
      assertThat(failure.type()).isEqualTo("builtins.ValueError");
      assertThat(failure.message()).isEqualTo("math domain error");
      assertThat(failure.stack()).contains("Traceback (most recent call last)");
      assertThat(failure.types()).contains("builtins.Exception", "builtins.BaseException");
      assertThat(failure.where())
          .isEqualTo(new RemoteFailure.Where("testhost", child.process.pid(), "w-test-1"));
      assertThat(child.fail("math::nothing", "[]").kind()).isEqualTo(FailureKind.REJECTED);
      assertThat(child.fail("nothing::at_all", "[]").kind()).isEqualTo(FailureKind.REJECTED);
      assertThat(child.fail("builtins::object", "[]").kind())
          .isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
      assertThat(child.fail("sys::exit", "[3]").type()).isEqualTo("builtins.SystemExit");
      assertThat(child.value("builtins::abs", "[-3]")).isEqualTo("3");
    }
  }

  @Test
  void stops_calls_that_are_cancelled_or_too_long() throws IOException {
    try (TestChild child = python().ready()) {
      child.calls(TestChild.header(1, 2, "time::sleep"), "[60]", "[60]");
      assertThat(CallMark.read(child.expect(FrameType.RUNNING)).index()).isZero();
      child.interrupt(1, 1);
      child.interrupt(1, 0);
      assertThat(child.outcomes(2))
          .extracting(PythonChildIT::kind)
          .containsExactly("cancelled", "cancelled");
      child.calls(
          new CallsHeader(
              2, 0, 1, "time::sleep", null, false, "j", "0", 1, 50, 0, true, null, true),
          "[60]");
      assertThat(child.outcomes(1)).extracting(PythonChildIT::kind).containsExactly("time_limit");
      assertThat(child.value("builtins::abs", "[-3]")).isEqualTo("3");
    }
  }

  @Test
  void quits_when_told_and_dies_with_its_link() throws IOException, InterruptedException {
    try (TestChild child = python().ready()) {
      child.quit();
      assertThat(child.next()).isNull();
      assertThat(child.exitCode()).isZero();
    }
    try (TestChild child = python().ready()) {
      child.calls(TestChild.header(1, 1, "os::system"), "[\"sleep 600\"]");
      child.expect(FrameType.RUNNING);
      await().until(() -> child.process.descendants().count() > 0);
      List<ProcessHandle> grandchildren = child.process.descendants().toList();
      child.channel.close();
      assertThat(child.exitCode()).isNotZero();
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> grandchildren.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void runs_nothing_that_its_setup_does_not_allow() throws IOException {
    try (TestChild child = python().ready(List.of())) {
      for (String fn : List.of("os::system", "builtins::eval", "math::sqrt", "nothing::at_all")) {
        RemoteFailure failure = child.fail(fn, "[\"exit 3\"]");
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure.message()).isEqualTo(fn + " is not allowed here or does not exist");
      }
    }
    try (TestChild child = python().ready(List.of("math::*", "os.path::*", "operator::add"))) {
      assertThat(child.value("math::sqrt", "[16]")).isEqualTo("4.0");
      assertThat(child.value("operator::add", "[1,2]")).isEqualTo("3");
      for (String fn :
          List.of(
              "os::system",
              "math.os::system",
              "operator::sub",
              "math::__loader__",
              "os.path::genericpath",
              "mathos::system")) {
        assertThat(child.fail(fn, "[16]").kind()).as(fn).isEqualTo(FailureKind.REJECTED);
      }
    }
  }

  @Test
  void an_initializer_that_is_not_allowed_is_not_run() throws IOException {
    try (TestChild child = python()) {
      child.send(
          new Setup(
                  1,
                  "w-test-1",
                  "testhost",
                  "os::mkdir",
                  null,
                  Payload.of("[\"/tmp/warren-must-not-be\"]"),
                  null,
                  List.of(),
                  List.of("math::*"),
                  TestChild.MAX_RESULT,
                  null,
                  null,
                  "w-test")
              .frame());
      RemoteFailure failure = InitFailedHeader.read(child.expect(FrameType.INIT_FAILED));
      assertThat(failure.message()).contains("os::mkdir is not allowed here or does not exist");
    }
    assertThat(Path.of("/tmp/warren-must-not-be")).doesNotExist();
  }

  private static String kind(JsonOutcome outcome) {
    return outcome.fold(Payload::text, failure -> failure.kind().wire());
  }

  private static TestChild python() throws IOException {
    boolean present =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
    assertThat(present).as("this test needs python3: apt-get install python3").isTrue();
    Path script = RepositoryFiles.pythonChild();
    return TestChild.start(List.of("python3", script.toString()));
  }
}
