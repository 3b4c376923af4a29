package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.ChildContext;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.TaskSample;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.supervise.calls.ForeignCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which functions children in other languages may be asked to run. */
class ForeignCallsTest {
  private static final ChildContext PYTHON = ChildContext.command("python3", "child.py");

  private static ForeignCalls allowing(ChildContext context, String... functions) {
    return new ForeignCalls(
        WorkerConfig.builder().context(context).functions(List.of(functions)).build());
  }

  @Test
  void call_outside_the_patterns_is_refused_before_a_child_sees_it() {
    ForeignCalls calls = allowing(PYTHON, "stats::*");
    FakeWork work = FakeWork.calls(3, "os::system");
    work.fail(1, RemoteFailure.of(FailureKind.CANCELLED, "x", 1));
    assertThat(calls.refused(work)).isTrue();
    assertThat(work.values.keySet()).containsExactly(0, 2);
    assertThat(work.values.get(0)).contains("rejected", "os::system is not allowed here");
  }

  @Test
  void call_that_a_pattern_names_is_not_refused() {
    ForeignCalls calls = allowing(PYTHON, "stats::*");
    assertThat(calls.refused(FakeWork.calls(1, "stats::mean"))).isFalse();
    assertThat(calls.refused(FakeWork.calls(1, "stats::mean"))).isFalse();
    assertThat(calls.texts()).containsExactly("stats::*");
  }

  @Test
  void initializer_outside_the_patterns_refuses_the_call() {
    PoolSettings settings =
        new PoolSettings(FunctionRef.parse("os::system", null), Payload.of("[]"), 0);
    FakeWork work = new FakeWork(TaskSample.of(1).function("stats::mean").settings(settings));
    assertThat(allowing(PYTHON, "stats::*").refused(work)).isTrue();
    assertThat(allowing(PYTHON, "stats::*", "os::*").refused(work)).isFalse();
  }

  @Test
  void children_that_are_jvms_check_for_themselves() {
    assertThat(allowing(ChildContext.jvm(), "a.*::*").refused(FakeWork.calls(1, "x.Y::z")))
        .isFalse();
  }

  @Test
  void local_pool_without_patterns_may_run_everything() {
    ForeignCalls calls = allowing(PYTHON);
    assertThat(calls.refused(FakeWork.calls(1, "os::system"))).isFalse();
    assertThat(calls.texts()).containsExactly("**");
  }
}
