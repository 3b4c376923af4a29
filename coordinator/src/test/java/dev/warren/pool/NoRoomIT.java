package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conformance: a coordinator whose memory, and whose temporary folder, have no room for what comes.
 * Everything ends: results are held back until they are taken, or fail for lack of room.
 */
class NoRoomIT extends OnEverySite {

  @ParameterizedTest
  @CsvSource({"lazyNoFolder,64m", "lazyNoFolderInOrder,64m", "mapOfUnknownSize,40m"})
  void without_room_every_call_ends(String what, String heap) throws Exception {
    File output = folder.resolve("output").toFile();
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                what,
                site.uri(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    try {
      int code = process.waitFor();
      String said = Files.readString(output.toPath(), StandardCharsets.UTF_8);
      assertThat(code).as(said).isZero();
      assertThat(said).contains("right");
    } finally {
      process.destroyForcibly();
    }
  }
}
