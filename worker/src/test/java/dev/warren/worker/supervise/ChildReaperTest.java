package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.child.ChildState;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.supervise.process.CrashReport;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a child's end costs, and what is reported about it. */
class ChildReaperTest {
  private final SupervisorRig rig = new SupervisorRig(SupervisorRig.slots(1));
  private FakeWork work;
  private FakeChild child;

  @BeforeEach
  void give_a_child_five_short_calls() {
    rig.submit(FakeWork.calls(1));
    child = rig.child(0);
    child.answerAll(100);
    rig.settle();
    work = rig.submit(FakeWork.calls(5));
    assertThat(child.callsGiven()).isEqualTo(5);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void death_costs_the_call_that_ran_and_no_other() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.exits(137, "last words");
    rig.settle();
    assertThat(work.losses.keySet()).containsExactly(0);
    RemoteFailure loss = work.losses.get(0);
    assertThat(loss.kind()).isEqualTo(FailureKind.CHILD_LOST);
    assertThat(loss.message()).isEqualTo("its child was ended by SIGKILL");
    assertThat(loss.details())
        .containsEntry("exitCode", 137)
        .containsEntry("signal", 9)
        .containsEntry("oom", false)
        .containsEntry("stderr", List.of("last words"));
    assertThat(loss.where().child()).isEqualTo(child.name);
    rig.startChildren();
    assertThat(rig.child(1).callsGiven()).as("not suspected").isEqualTo(4);
    assertThat(rig.host.ended).containsExactly(child.name);
    assertThat(rig.told).anyMatch(line -> line.startsWith("lost " + child.name));
  }

  @Test
  void outcomes_and_losses_tell_the_state_of_the_child() {
    rig.loop.advanceMillis(61_000);
    child.outcomes(work.number(), 0, 2, 10);
    rig.settle();
    assertThat(work.runs).hasSize(1);
    ChildState state = work.runs.get(0).child();
    assertThat(state.callsBefore()).as("the one that measured").isEqualTo(1);
    assertThat(state.ageSeconds()).isBetween(60L, 62L);
    assertThat(state.mebibytes()).as("never read").isEqualTo(-1);
    child.running(work.number(), 2, 5000);
    rig.settle();
    child.exits(1);
    rig.settle();
    RemoteFailure.Where where = work.losses.get(2).where();
    assertThat(where.callsBefore()).isEqualTo(3);
    assertThat(where.ageMs()).isBetween(60_000L, 62_000L);
    assertThat(where.memoryBytes()).isNull();
  }

  @Test
  void outcome_written_before_the_end_counts() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.outcomes(work.number(), 0, 1, 10);
    child.running(work.number(), 1, 5000);
    child.exits(1);
    rig.settle();
    assertThat(work.values.keySet()).containsExactly(0);
    assertThat(work.losses.keySet()).containsExactly(1);
  }

  @Test
  void calls_run_alone_if_it_is_unknown_which_one_was_at_fault() {
    child.exits(1);
    rig.settle();
    assertThat(work.losses).isEmpty();
    rig.startChildren();
    FakeChild next = rig.child(1);
    for (int i = 0; i < 5; i++) {
      assertThat(next.callsGiven()).isEqualTo(1);
      next.answerAll(10);
      rig.settle();
    }
    assertThat(work.values).hasSize(5);
  }

  @Test
  void only_held_call_is_charged_even_if_its_child_never_reported_it() {
    child.outcomes(work.number(), 0, 4, 100);
    rig.settle();
    child.exits(3);
    rig.settle();
    assertThat(work.losses.get(4).message()).isEqualTo("its child exited with code 3");
  }

  @Test
  void cancelled_call_is_not_charged() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    work.fail(0, RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1));
    child.exits(1);
    rig.settle();
    assertThat(work.losses).isEmpty();
  }

  @Test
  void child_that_writes_garbage_is_killed_and_its_fault_is_in_the_evidence() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.sendBytes("HTTP/1.1 200 OK");
    rig.settle();
    assertThat(child.kills()).isEqualTo(1);
    assertThat(work.losses).as("not before its process has ended").isEmpty();
    child.exits(137);
    rig.settle();
    assertThat(work.losses.get(0).message())
        .startsWith("its child broke its link (")
        .endsWith("and was ended by SIGKILL");
  }

  @Test
  void child_that_closes_its_link_and_stays_is_killed_a_moment_later() {
    child.closeLink();
    rig.settle();
    rig.loop.advanceMillis(199);
    assertThat(child.kills()).isZero();
    rig.loop.advanceMillis(1);
    assertThat(child.kills()).isEqualTo(1);
  }

  @Test
  void link_that_outlives_its_process_is_cut_a_moment_later() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.exitsAlone(1);
    rig.settle();
    assertThat(work.losses).isEmpty();
    rig.loop.advanceMillis(200);
    assertThat(work.losses).containsKey(0);
  }

  @Test
  void last_lines_of_stderr_are_awaited_briefly() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.exitsWithStderrOpen(1);
    rig.settle();
    assertThat(work.losses).isEmpty();
    rig.loop.advanceMillis(200);
    assertThat(work.losses).containsKey(0);
    child.exitsAlone(1, "too late");
    rig.settle();
    assertThat(rig.told.stream().filter(line -> line.startsWith("lost"))).hasSize(1);
  }

  @Test
  void kill_by_the_kernels_out_of_memory_killer_is_reported() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    rig.host.outOfMemoryKills = 1;
    child.exits(137);
    rig.settle();
    assertThat(work.losses.get(0).details()).containsEntry("oom", true);
    assertThat(work.losses.get(0).message()).endsWith("SIGKILL, out of memory");
  }

  @Test
  void full_heap_is_detected_in_stderr() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.exits(3, "java.lang.OutOfMemoryError: Java heap space");
    rig.settle();
    assertThat(work.losses.get(0).details()).containsEntry("oom", true);
  }

  @Test
  void crash_of_its_jvm_is_reported_with_the_signal_and_the_head_of_its_report() {
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.crashed(new CrashReport("SIGSEGV", List.of("# Problematic frame: libx.so"))).exits(134);
    rig.settle();
    assertThat(work.losses.get(0).details())
        .containsEntry("signal", 11)
        .containsEntry("stderr", List.of("# Problematic frame: libx.so"));
  }

  @Test
  void child_that_left_by_plan_costs_nothing() {
    child.answerAll(10);
    rig.settle();
    rig.supervisor.quitAll();
    rig.settle();
    assertThat(child.got(FrameType.QUIT)).isTrue();
    child.exits(0);
    rig.settle();
    assertThat(rig.supervisor.childless()).isTrue();
    assertThat(rig.told).noneMatch(line -> line.startsWith("lost"));
  }
}
