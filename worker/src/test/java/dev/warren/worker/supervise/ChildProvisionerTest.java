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
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When children start, and for which pool. */
class ChildProvisionerTest {
  private static final PoolSettings WITH_INITIALIZER =
      new PoolSettings(FunctionRef.parse("db::connect", "d1"), Payload.of("[\"url\"]"), 0);

  private SupervisorRig rig;

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private SupervisorRig rig(WorkerConfig.Builder config) {
    rig = new SupervisorRig(config);
    return rig;
  }

  private static int atOnce() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  // ---- how many

  @Test
  void few_children_start_at_once_until_there_is_one_for_each_slot() {
    rig(SupervisorRig.slots(atOnce() + 3));
    rig.settle();
    assertThat(rig.children()).hasSize(atOnce());
    rig.child(0).connect();
    rig.settle();
    assertThat(rig.children()).hasSize(atOnce() + 1);
    for (int i = 0; i < 5; i++) {
      rig.startChildren();
    }
    assertThat(rig.children()).hasSize(atOnce() + 3);
  }

  @Test
  void spare_starts_a_second_after_the_first_child_is_ready() {
    rig(WorkerConfig.builder().processes(1).spares(1));
    rig.submit(FakeWork.calls(1));
    rig.loop.advanceMillis(900);
    assertThat(rig.children()).hasSize(1);
    rig.loop.advanceMillis(200);
    assertThat(rig.children()).hasSize(2);
  }

  @Test
  void spare_starts_at_once_if_children_are_recycled_by_calls() {
    rig(WorkerConfig.builder().processes(1).spares(1).maxTasksPerChild(5));
    rig.submit(FakeWork.calls(1));
    assertThat(rig.children()).hasSize(2);
  }

  @Test
  void lost_child_is_replaced() {
    rig(SupervisorRig.slots(1));
    rig.submit(FakeWork.calls(1));
    rig.child(0).exits(1);
    rig.settle();
    assertThat(rig.children()).hasSize(2);
  }

  // ---- for whom

  @Test
  void child_receives_its_setup_before_its_first_call() {
    rig(
        SupervisorRig.slots(1)
            .appPath(List.of(Path.of("/app/x.jar")))
            .functions(List.of("com.acme.**"))
            .allow(List.of("java.lang.Math::*")));
    rig.supervisor.submit(new FakeWork(TaskSample.of(1).settings(WITH_INITIALIZER)));
    rig.settle();
    rig.child(0).connect();
    rig.settle();
    assertThat(rig.child(0).only(FrameType.SETUP))
        .isEqualTo(
            new Setup(
                    Hello.VERSION,
                    rig.child(0).name,
                    rig.supervisor.host(),
                    "db::connect",
                    "d1",
                    Payload.of("[\"url\"]"),
                    List.of("/app/x.jar"),
                    List.of("com.acme.**"),
                    List.of("java.lang.Math::*"),
                    SupervisorRig.MAX_RESULT_BYTES,
                    "a.B::c",
                    null,
                    rig.supervisor.id())
                .frame());
  }

  @Test
  void child_in_another_language_receives_its_allowed_functions() {
    rig(
        SupervisorRig.slots(1)
            .context(ChildContext.command("python3"))
            .functions(List.of("stats::*")));
    rig.supervisor.submit(FakeWork.calls(1, "stats::mean"));
    rig.settle();
    rig.child(0).connect();
    rig.settle();
    Setup setup = Setup.read(rig.child(0).only(FrameType.SETUP));
    assertThat(setup.functions()).isEmpty();
    assertThat(setup.allow()).containsExactly("stats::*");
    assertThat(setup.appPath()).isNull();
    assertThat(setup.likely()).isNull();
  }

  @Test
  void child_stays_unbound_until_a_call_needs_it() {
    rig(SupervisorRig.slots(1));
    rig.startChildren();
    assertThat(rig.child(0).got(FrameType.SETUP)).isFalse();
    rig.supervisor.submit(FakeWork.calls(1));
    rig.settle();
    assertThat(rig.child(0).got(FrameType.SETUP)).isTrue();
  }

  @Test
  void replacement_is_bound_to_the_settings_of_the_latest_calls() {
    rig(SupervisorRig.slots(1));
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(5);
    rig.settle();
    rig.child(0).exits(1);
    rig.settle();
    rig.child(1).connect();
    rig.settle();
    assertThat(rig.child(1).got(FrameType.SETUP)).as("although no call waits").isTrue();
  }

  // ---- starts that fail

  @Test
  void failed_starts_are_retried_with_back_off() {
    rig(SupervisorRig.slots(1));
    rig.host.startsFailWith = new CompletionException(new IOException("no such program"));
    FakeWork work = FakeWork.calls(1);
    rig.supervisor.submit(work);
    rig.settle();
    rig.host.startsFailWith = null;
    rig.loop.advanceMillis(30);
    assertThat(rig.children()).isEmpty();
    rig.loop.advanceMillis(100);
    assertThat(rig.children()).hasSize(1);
    rig.startChildren();
    assertThat(work.failures).isEmpty();
    assertThat(rig.child(0).callsGiven()).isEqualTo(1);
  }

  @Test
  void calls_fail_with_the_reason_once_four_starts_in_a_row_have_failed() {
    rig(SupervisorRig.slots(1));
    rig.host.startsFailWith = new IllegalStateException("broken");
    FakeWork work = FakeWork.calls(1);
    rig.supervisor.submit(work);
    rig.loop.advanceMillis(10_000);
    assertThat(work.failures.get(0).kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
    assertThat(work.failures.get(0).message())
        .contains("could not be started", "IllegalStateException: broken");
  }

  @Test
  void calls_fail_with_the_initializers_exception() {
    rig(SupervisorRig.slots(1));
    FakeWork work = FakeWork.calls(1);
    rig.supervisor.submit(work);
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      assertThat(work.failures).isEmpty();
      rig.settle();
      FakeChild child = rig.child(i).connect();
      rig.settle();
      child.initFailed(RemoteFailure.of(FailureKind.FAILED, "no database", 1));
      rig.settle();
      child.exits(1);
      rig.loop.advanceMillis(3000);
    }
    assertThat(work.failures.get(0).message()).contains("no database");
    assertThat(work.failures.get(0).where().child()).isEqualTo(rig.child(3).name);
  }

  @Test
  void child_that_ends_before_it_is_ready_is_reported_with_its_first_line() {
    rig(SupervisorRig.slots(1));
    FakeWork work = FakeWork.calls(1);
    rig.supervisor.submit(work);
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      rig.settle();
      rig.child(i).exits(1, "Error: Could not find or load main class", "more");
      rig.loop.advanceMillis(3000);
    }
    assertThat(work.failures.get(0).message())
        .contains("exited with code 1 before it was ready")
        .contains("it said: Error: Could not find or load main class");
  }

  @Test
  void children_killed_from_outside_before_they_are_ready_do_not_fail_the_calls() {
    rig(SupervisorRig.slots(1));
    FakeWork work = FakeWork.calls(1);
    rig.supervisor.submit(work);
    for (int i = 0; i < InitializerHealth.TRIES + 2; i++) {
      rig.settle();
      rig.child(i).connect();
      rig.settle();
      assertThat(rig.child(i).got(FrameType.SETUP)).isTrue();
      rig.child(i).exits(137);
      rig.loop.advanceMillis(11_000);
    }
    assertThat(work.failures).isEmpty();
  }

  @Test
  void unbound_child_killed_from_outside_blames_no_settings() {
    rig(SupervisorRig.slots(1));
    rig.startChildren();
    rig.child(0).exits(137);
    rig.settle();
    assertThat(rig.children()).as("not at once").hasSize(1);
    rig.loop.advanceMillis(100);
    assertThat(rig.children()).hasSize(2);
  }

  @Test
  void child_killed_while_it_starts_is_killed_once_it_has_started() {
    rig(SupervisorRig.slots(1));
    CompletableFuture<Void> later = new CompletableFuture<>();
    rig.loop.step();
    rig.settle();
    rig.child(0).exits(0);
    rig.settle();
    rig.host.startsWaitFor = later;
    rig.loop.advanceMillis(100);
    FakeChild late = rig.child(1);
    rig.supervisor.killAll();
    assertThat(late.kills()).isZero();
    later.complete(null);
    rig.settle();
    assertThat(late.kills()).isEqualTo(1);
    late.connect();
    rig.settle();
    assertThat(late.kills())
        .as("a thread has nothing to end before its link is there")
        .isEqualTo(2);
    assertThat(late.got(FrameType.SETUP)).isFalse();
  }

  @Test
  void child_that_is_a_thread_ends_with_its_link() {
    rig(SupervisorRig.slots(1));
    rig.host.threads = true;
    rig.submit(FakeWork.calls(1));
    rig.supervisor.killAll();
    assertThat(rig.child(0).linkEnded()).isTrue();
    assertThat(rig.supervisor.children()).isEmpty();
  }
}
