package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFolderTest {
  @TempDir Path temp;

  @Test
  void a_temporary_folder_whose_path_is_too_long_for_a_socket_is_passed_over() throws IOException {
    Path tooLong = Files.createDirectories(temp.resolve("x".repeat(120)));
    try (var server = SocketFolder.open(List.of(tooLong, temp), "warren-", 1).server()) {
      assertThat(server.getLocalAddress().toString()).startsWith(temp + "/warren-");
    }
    assertThat(tooLong).isEmptyDirectory();
  }

  @Test
  void a_missing_path_or_non_folder_is_skipped() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    List<Path> candidates = List.of(temp.resolve("missing"), file, temp);
    SocketFolder made = SocketFolder.open(candidates, "warren-", 1);
    try (var server = made.server()) {
      assertThat(server.isOpen()).isTrue();
      assertThat(made.socket()).exists();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.path())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void without_a_usable_folder_one_line_names_each_with_its_reason_and_the_remedy() {
    Path tooLong = temp.resolve("x".repeat(120));
    assertThatThrownBy(
            () -> SocketFolder.open(List.of(tooLong, temp.resolve("missing")), "warren-", 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(tooLong + " (its ")
        .hasMessageContaining("a socket's path may have at most 107)")
        .hasMessageContaining(temp.resolve("missing") + " (does not exist)")
        .hasMessageContaining("-Djava.io.tmpdir=DIR")
        .hasMessageNotContaining("\n");
  }
}
