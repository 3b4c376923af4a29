package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.worker.link.FrameType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child must not load before it is ready; each of these costs 7 to 30 ms per start. */
class ChildLoadsLittleIT {
  private static final List<String> COSTLY =
      List.of(
          "dev.warren.*Lambda.*", // a lambda of ours: boots the lambda factory
          "java.lang.runtime.ObjectMethods .*", // hashCode, equals or toString of a record
          "java.util.regex.Pattern .*",
          "tools.jackson.databind.*",
          "org.slf4j.*",
          "com.rabbitmq.*",
          "dev.warren.broker.*");

  @TempDir private Path folder;

  @Test
  void child_loads_no_costly_class_before_it_is_ready() throws IOException {
    Path log = folder.resolve("loaded");
    try (TestChild child = TestChild.jvm("-Xlog:class+load:file=" + log)) {
      child.send(TestChild.setup(null, null).frame());
      child.expect(FrameType.READY);
      List<String> loaded = beforeWarmUp(log);
      assertThat(loaded).anyMatch(line -> line.contains(ChildMain.class.getName()));
      assertThat(loaded)
          .noneMatch(line -> COSTLY.stream().anyMatch(line.replaceFirst("^.*] ", "")::matches));
    }
  }

  @Test
  void the_log_of_loaded_classes_shows_a_costly_class() throws IOException {
    Path log = folder.resolve("loaded");
    try (TestChild child = TestChild.jvm("-Xlog:class+load:file=" + log)) {
      child.send(TestChild.setup(null, null).frame());
      child.expect(FrameType.READY);
      child.calls(TestChild.header(1, 1, "java.util.regex.Pattern::matches"), "[\"a+\", \"aaa\"]");
      child.expect(FrameType.OUTCOMES);
      assertThat(Files.readAllLines(log))
          .anyMatch(line -> line.contains("java.util.regex.Pattern "));
    }
  }

  /** The classes in the log up to the warm-up, which comes after READY. */
  private static List<String> beforeWarmUp(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.takeWhile(line -> !line.contains(WarmUp.class.getName())).toList();
    }
  }
}
