package dev.warren.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Java of this build, for programs that a test starts. They live for seconds, so they use only
 * the fast compiler and the serial collector, which needs a third of the processor time of a
 * default start.
 */
public final class TestJava {
  private TestJava() {}

  /** Returns the beginning of a command line; {@code arguments} follow. */
  public static List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
