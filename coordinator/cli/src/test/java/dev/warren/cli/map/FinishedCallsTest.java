package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Job logs as runs leave them that were killed at any byte. */
class FinishedCallsTest {
  private static final String LINE = "{\"index\":0,\"value\":1}\n";
  private static final String FUNCTION = "com.acme.Stats::score";

  @TempDir private Path folder;
  private Path logFile = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void three_calls_of_which_the_second_failed() throws IOException {
    logFile = folder.resolve("run.log");
    output = folder.resolve("out.jsonl");
    JobLog log = JobLog.open(logFile, FUNCTION);
    log.start(0);
    for (int i = 0; i < 3; i++) {
      RemoteFailure failure = i == 1 ? RemoteFailure.of(FailureKind.FAILED, "no", 1) : null;
      log.add(i, "", 1_700_000_000_123L, 1500, Payload.of("[" + i + "]"), LINE.length(), failure);
    }
    log.flush();
    log.release();
    Files.writeString(output, LINE.repeat(3));
  }

  private FinishedCalls read(String function, boolean failedToo) {
    JobLog log = JobLog.open(logFile, function);
    try {
      return FinishedCalls.read(log, output.toString(), failedToo);
    } finally {
      log.release();
    }
  }

  private void refused(String function, String why) {
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> read(function, false))
        .withMessageContaining(why);
  }

  @Test
  void the_columns_are_those_of_gnu_parallel() throws IOException {
    assertThat(Files.readAllLines(logFile))
        .startsWith(
            "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand",
            "1\t:\t1700000000.122\t     0.002\t3\t22\t0\t0\tcom.acme.Stats::score [0]",
            "2\t:\t1700000000.122\t     0.002\t3\t22\t1\t0\tcom.acme.Stats::score [1]");
  }

  @Test
  void finished_calls_are_left_out() {
    FinishedCalls calls = read(FUNCTION, false);
    assertThat(calls.count()).isEqualTo(3);
    assertThat(calls.has(0, Payload.of("[0]"))).isTrue();
    assertThat(calls.has(3, Payload.of("[3]"))).isFalse();
    assertThat(calls.outputBytes()).isEqualTo(3L * LINE.length());
  }

  @Test
  void failed_calls_run_again_on_request() {
    FinishedCalls calls = read(FUNCTION, true);
    assertThat(calls.count()).isEqualTo(2);
    assertThat(calls.has(1, Payload.of("[1]"))).isFalse();
  }

  @Test
  void a_log_that_ends_anywhere_counts_up_to_its_last_whole_line() throws IOException {
    byte[] whole = Files.readAllBytes(logFile);
    for (int length = 1; length <= whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      Files.write(logFile, cut);
      long lines = IntStream.range(0, length).filter(i -> cut[i] == '\n').count();
      FinishedCalls calls = read(FUNCTION, false);
      assertThat(calls.count()).isEqualTo(Math.max(0, lines - 1));
      assertThat(calls.outputBytes()).isEqualTo(calls.count() * LINE.length());
      assertThat(calls.logBytes()).isLessThanOrEqualTo(length);
    }
  }

  @Test
  void calls_whose_lines_the_output_lacks_run_again() throws IOException {
    Files.writeString(output, LINE + LINE.substring(0, 5));
    FinishedCalls calls = read(FUNCTION, false);
    assertThat(calls.count()).isEqualTo(1);
    assertThat(calls.missing()).isEqualTo(2);
    assertThat(calls.outputBytes()).isEqualTo(LINE.length());
  }

  @Test
  void a_log_of_something_else_is_refused() throws IOException {
    refused("com.acme.Stats::other", "is the joblog of com.acme.Stats::score, not of");
    FinishedCalls calls = read(FUNCTION, false);
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> calls.has(2, Payload.of("[9]")))
        .withMessageContaining("input line 3 is not the call that");
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> calls.checkEnd(2))
        .withMessageContaining("the input ends after line 2, but");
    Files.writeString(output, "{}\n");
    refused(FUNCTION, "is not the output that");
    Files.delete(output);
    refused(FUNCTION, "does not exist, but");
    Files.writeString(logFile, "garbage\n");
    refused(FUNCTION, "is not a joblog");
    Files.writeString(logFile, JobLog.HEADER + "1\t:\n");
    refused(FUNCTION, "line 2 is not a line of a joblog");
  }

  @Test
  void a_missing_log_does_not_allow_to_overwrite_an_output() throws IOException {
    Files.delete(logFile);
    refused(FUNCTION, "there is no joblog");
  }

  @Test
  void two_runs_cannot_share_a_log() {
    JobLog log = JobLog.open(logFile, FUNCTION);
    try {
      refused(FUNCTION, "is in use by another warren map");
    } finally {
      log.release();
    }
  }

  @Test
  void long_arguments_are_cut_and_still_told_apart() {
    String first = JobLog.command("a::b", Payload.of("\"" + "x".repeat(500) + "1\""));
    String second = JobLog.command("a::b", Payload.of("\"" + "x".repeat(500) + "2\""));
    assertThat(first).hasSizeLessThan(300).isNotEqualTo(second);
    assertThat(JobLog.command("a::b", Payload.of("{\"a\":\t1}"))).isEqualTo("a::b {\"a\": 1}");
  }
}
