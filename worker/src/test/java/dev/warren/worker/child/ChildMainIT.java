package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildMainIT {
  private static final String F = TestFunctions.class.getName() + "::";

  @Test
  void values_come_back_in_order() throws IOException {
    try (TestChild child = TestChild.jvm().ready()) {
      assertThat(child.run(F + "increment", "[1]", "[2]", "[3]")).hasSize(3);
      assertThat(child.value(F + "increment", "[41]")).isEqualTo("42");
      assertThat(child.value(F + "upper", "[\"aé\"]")).isEqualTo("\"AÉ\"");
      assertThat(child.value(F + "nothing", "[]")).isEqualTo("null");
      assertThat(child.value(F + "echoPoints", "[[{\"x\":1,\"y\":2}]]"))
          .isEqualTo("[{\"x\":1,\"y\":2}]");
    }
  }
}
