package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.worker.config.ChildOutput;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputCaptureTest {

  @Test
  void options_that_a_jvm_has_picked_up_are_no_evidence() {
    String said =
        """
        Picked up JAVA_TOOL_OPTIONS: -Dpassword=s3cr3t
        NOTE: Picked up JDK_JAVA_OPTIONS: -Dpassword=s3cr3t
        Picked up _JAVA_OPTIONS: -Dpassword=s3cr3t
        Error: Could not find or load main class
        Picked up a parcel
        """;
    OutputCapture capture = new OutputCapture("w-1", 17, ChildOutput.LOG);
    capture.readErrors(stream(said));
    assertThat(capture.errorsEnded()).isDone();
    assertThat(capture.lastErrors())
        .isEqualTo(List.of("Error: Could not find or load main class", "Picked up a parcel"));
  }

  @Test
  void last_lines_of_stderr_are_kept_and_long_ones_are_cut() {
    OutputCapture capture = new OutputCapture("w-1", 17, ChildOutput.LOG);
    capture.runningCall(" job/7");
    capture.readOut(stream("printed"));
    assertThat(capture.lastErrors()).as("stdout is no evidence").isEmpty();
    int cut = OutputCapture.MAX_CHARACTERS;
    capture.readErrors(
        stream("first\n" + "x".repeat(cut + 5) + "\n" + "line\n".repeat(17) + "end"));
    assertThat(capture.lastErrors()).hasSize(OutputCapture.KEPT_LINES).endsWith("line", "end");
    assertThat(capture.lastErrors().get(0)).hasSize(cut);
    assertThat(capture.lastErrors().get(1)).isEqualTo("xxxxx");
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
