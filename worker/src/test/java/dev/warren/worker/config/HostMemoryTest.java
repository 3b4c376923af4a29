package dev.warren.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void without_a_limit_it_is_the_host_s() throws IOException {
    file("proc/meminfo", "MemFree:  1 kB\nMemTotal:       1024 kB\n");
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/memory.max", "max\n");
    assertThat(HostMemory.bytes(root)).isEqualTo(1024 * 1024);
  }

  @Test
  void the_lowest_limit_of_all_groups_counts() throws IOException {
    file("proc/meminfo", "MemTotal:       4096 kB\n");
    file("proc/self/cgroup", "0::/system.slice/warren.service\n");
    file("sys/fs/cgroup/system.slice/memory.max", "1000000\n");
    file("sys/fs/cgroup/system.slice/warren.service/memory.max", "2000000\n");
    assertThat(HostMemory.bytes(root)).isEqualTo(1_000_000);
  }

  @Test
  void the_lowest_limit_of_version_1_groups_counts() throws IOException {
    file("proc/meminfo", "MemTotal:       4096 kB\n");
    file("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/docker/x\n0::/a\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "3000000\n");
    assertThat(HostMemory.bytes(root)).isEqualTo(3_000_000);
  }

  @Test
  void without_information_it_is_unknown() {
    assertThat(HostMemory.bytes(root)).isZero();
  }

  @Test
  void a_group_whose_processes_are_killed_together_is_detected() throws IOException {
    file("proc/self/cgroup", "0::/kubepods/pod1/c1\n");
    file("sys/fs/cgroup/kubepods/pod1/c1/memory.oom.group", "0\n");
    assertThat(HostMemory.killedTogether(root)).isFalse();
    file("sys/fs/cgroup/kubepods/pod1/c1/memory.oom.group", "1\n");
    assertThat(HostMemory.killedTogether(root)).isTrue();
  }
}
