package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.worker.link.Note;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Children's reports about running calls. */
class ChildFramesTest {
  private final SupervisorRig rig = new SupervisorRig(SupervisorRig.slots(1));

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void note(Note note) {
    rig.child(0).send(note.frame());
    rig.settle();
  }

  @Test
  void long_running_call_is_reported() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    rig.child(0).running(work.number(), 0, 5000);
    rig.settle();
    assertThat(rig.told).contains("running " + rig.child(0).name + " job/0");
    assertThat(rig.supervisor.averageMicros("a.B::c")).isEqualTo(5000);
    rig.child(0).answerAll(10);
    rig.settle();
    assertThat(work.values).containsKey(0);
  }

  @Test
  void report_about_a_call_that_is_not_running_is_ignored() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    rig.child(0).running(work.number() + 1, 0, 5000).running(work.number(), 7, 5000);
    rig.settle();
    assertThat(rig.told).noneMatch(line -> line.startsWith("running"));
  }

  @Test
  void progress_is_reported() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    note(Note.ofCall(work.number(), 0, "half way", 0.5));
    assertThat(rig.told).contains("progress " + rig.child(0).name + " job/0 0.5");
    note(Note.ofCall(work.number() + 1, 0, null, 0.6));
    assertThat(rig.told).noneMatch(line -> line.endsWith("0.6"));
  }

  @Test
  void progress_of_a_call_that_the_task_does_not_have_breaks_the_link() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    note(Note.ofCall(work.number(), 7, null, 0.5));
    assertThat(rig.child(0).kills()).isEqualTo(1);
  }

  @Test
  void stack_at_the_soft_limit_is_kept_up_to_a_length() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    note(new Note(work.number(), 0, null, null, "soft", "at x\n".repeat(14_000)));
    note(new Note(work.number() + 1, 0, null, null, "soft", "at y"));
    rig.child(0).answerAll(10);
    rig.settle();
    assertThat(work.values).containsKey(0);
  }
}
