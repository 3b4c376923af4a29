package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Linux reports about this process; elsewhere every answer is zero or empty. */
class ProcFilesTest {
  private static final long OWN = ProcessHandle.current().pid();
  private static final boolean LINUX = Files.isDirectory(Path.of("/proc/self"));

  @Test
  void memory_of_this_process_is_read() {
    ProcFiles.Memory memory = ProcFiles.memory(OWN);
    assertThat(memory.resident() > 0).isEqualTo(LINUX);
    assertThat(memory.peak()).isGreaterThanOrEqualTo(memory.resident());
  }

  @Test
  void memory_of_an_ended_process_is_unknown() {
    assertThat(ProcFiles.memory(Long.MAX_VALUE)).isEqualTo(ProcFiles.Memory.UNKNOWN);
  }

  @Test
  void descendants_are_counted_for_the_requested_ancestor() {
    long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    Map<Long, Long> sums = ProcFiles.descendantsMemory(Set.of(parent));
    assertThat(sums.getOrDefault(parent, 0L) > 0).isEqualTo(LINUX && parent > 0);
    assertThat(ProcFiles.descendantsMemory(Set.of(Long.MAX_VALUE))).isEmpty();
  }

  @Test
  void out_of_memory_kills_are_counted() {
    assertThat(ProcFiles.outOfMemoryKills()).isNotNegative();
  }

  @Test
  void processes_are_found_by_a_mark_in_their_environment() {
    String path = System.getenv("PATH");
    String mark = "PATH=" + path;
    Map<Long, String> found = ProcFiles.marked(mark, "PATH");
    assertThat(found.containsKey(OWN)).isEqualTo(LINUX);
    if (LINUX) {
      assertThat(found).containsEntry(OWN, path);
      assertThat(ProcFiles.marked(mark, "NO_SUCH_VARIABLE")).containsEntry(OWN, "");
    }
    assertThat(ProcFiles.marked("NO_SUCH=mark", "x")).isEmpty();
  }
}
