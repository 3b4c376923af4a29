package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.link.FrameType;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to children that use much memory. */
class MemoryGuardTest {
  private static final long MIB = 1L << 20;
  private static final long FIRST = 1000; // the first child's process id

  private SupervisorRig rig;

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void limits(long softMib, long hardMib) {
    WorkerConfig.Builder config =
        SupervisorRig.slots(1)
            .maxMemoryPerChild(softMib * MIB)
            .hardMaxMemoryPerChild(hardMib * MIB);
    rig = new SupervisorRig(config);
  }

  private void takes(long mib) {
    rig.host.resident.put(FIRST, mib * MIB);
  }

  @Test
  void call_over_the_hard_limit_is_killed_within_a_tenth_of_a_second() {
    limits(0, 100);
    FakeWork work = rig.submit(FakeWork.calls(1));
    takes(101);
    rig.loop.advanceMillis(100);
    assertThat(rig.child(0).kills()).isEqualTo(1);
    rig.child(0).exits(137);
    rig.settle();
    assertThat(work.losses.get(0).details())
        .containsEntry("oom", true)
        .containsEntry("memoryLimitBytes", 100 * MIB)
        .containsEntry("peakMemoryBytes", 101 * MIB);
  }

  @Test
  void descendants_of_a_call_count() {
    limits(0, 100);
    rig.submit(FakeWork.calls(1));
    takes(60);
    rig.host.descendants.put(FIRST, 60 * MIB);
    rig.loop.advanceMillis(400);
    assertThat(rig.child(0).kills()).as("descendants are read every half second").isZero();
    rig.loop.advanceMillis(100);
    assertThat(rig.child(0).kills()).isEqualTo(1);
  }

  @Test
  void reading_overtaken_by_the_end_of_its_call_kills_no_child() {
    limits(0, 100);
    FakeWork work = rig.submit(FakeWork.calls(1));
    takes(101);
    rig.host.reader.hold();
    rig.loop.advanceMillis(150);
    rig.child(0).answerAll(10);
    rig.host.reader.release();
    rig.settle();
    assertThat(rig.child(0).kills()).isZero();
    assertThat(work.values).containsKey(0);
    assertThat(rig.child(0).got(FrameType.QUIT)).as("it is replaced instead").isTrue();
    assertThat(rig.told).anyMatch(line -> line.contains("MEMORY_LIMIT"));
  }

  @Test
  void reading_of_an_ended_child_is_ignored() {
    limits(0, 100);
    rig.submit(FakeWork.calls(1));
    takes(101);
    rig.host.reader.hold();
    rig.loop.advanceMillis(150);
    rig.child(0).exits(1);
    rig.settle();
    rig.host.reader.release();
    rig.settle();
    assertThat(rig.child(0).kills()).isZero();
  }

  @Test
  void child_over_the_soft_limit_is_recycled_after_its_call() {
    limits(100, 0);
    FakeWork work = rig.submit(FakeWork.calls(1));
    takes(101);
    rig.loop.advanceMillis(1000);
    assertThat(rig.child(0).got(FrameType.QUIT)).isFalse();
    rig.child(0).answerAll(10);
    rig.loop.advanceMillis(1000);
    assertThat(work.values).containsKey(0);
    assertThat(rig.child(0).got(FrameType.QUIT)).isTrue();
    assertThat(rig.told).anyMatch(line -> line.contains("MEMORY memory 101 MiB over 100 MiB"));
  }

  @Test
  void children_that_outgrow_the_soft_limit_at_once_are_replaced_ever_more_rarely() {
    limits(100, 0);
    rig.submit(FakeWork.calls(1)); // waits below; every child uses too much
    for (long pid = 1000; pid < 1100; pid++) {
      rig.host.resident.put(pid, 200 * MIB);
    }
    int calls = 60;
    for (int second = 0; second < calls; second++) {
      rig.host.children.forEach(
          child -> {
            if (child.connected() && !child.exit().isDone()) {
              child.answerAll(10);
              if (child.got(FrameType.QUIT)) {
                child.exits(0);
              }
            }
          });
      rig.loop.advanceMillis(1000);
      rig.submit(FakeWork.calls(1));
    }
    assertThat(rig.supervisor.recycled()).isBetween(3L, 10L);
  }

  @Test
  void child_over_the_hard_limit_before_its_first_call_fails_the_calls_in_the_end() {
    limits(0, 100);
    FakeWork work = FakeWork.calls(1);
    for (long pid = 1000; pid < 1010; pid++) {
      rig.host.resident.put(pid, 150 * MIB);
    }
    rig.supervisor.submit(work);
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      rig.startChildren();
      assertThat(rig.child(i).kills()).isEqualTo(1);
      rig.child(i).exits(137);
      rig.loop.advanceMillis(5000);
    }
    assertThat(work.failures.get(0).kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
    assertThat(work.failures.get(0).message())
        .contains("150 MiB before its first call", "--hard-max-memory-per-child of 100 MiB")
        .contains("set the limit to at least 225 MiB");
  }

  @Test
  void child_over_the_soft_limit_before_its_first_call_is_kept() {
    limits(100, 0);
    takes(150);
    rig.submit(FakeWork.calls(1));
    assertThat(rig.child(0).kills()).isZero();
    assertThat(rig.child(0).callsGiven()).isEqualTo(1);
  }

  @Test
  void nothing_is_read_once_the_worker_is_closed() {
    limits(0, 100);
    rig.submit(FakeWork.calls(1));
    takes(101);
    rig.host.reader.shutdown();
    rig.loop.advanceMillis(200);
    assertThat(rig.child(0).kills()).isZero();
  }
}
