package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

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
    OutputCapture capture = new OutputCapture("w-1");
    capture.start(InputStream.nullInputStream(), stream(said));
    capture.errorsEnded().join();
    assertThat(capture.lastErrors())
        .isEqualTo(List.of("Error: Could not find or load main class", "Picked up a parcel"));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
