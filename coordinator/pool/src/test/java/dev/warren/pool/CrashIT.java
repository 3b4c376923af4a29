package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A child whose JVM crashes in native code. */
class CrashIT extends OnEverySite {
  /** Functions that run in the children. */
  public static final class Crashing {
    private Crashing() {}

    /** Writes to an invalid address, as faulty native code does. */
    public static long crash(int ignored) throws ReflectiveOperationException {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field field = unsafe.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      unsafe.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
      return ProcessHandle.current().pid();
    }
  }

  @Test
  void a_segmentation_fault_is_told_as_one_with_its_place_and_leaves_no_file_behind()
      throws Exception {
    Pool once = pool().with(options().childLost(0).build());
    List<Path> before = litter();
    ChildLostException lost =
        catchThrowableOfType(ChildLostException.class, () -> once.apply(Crashing::crash, 1));
    assertThat(lost).hasMessageContaining("was ended by SIGSEGV");
    assertThat(lost.signal()).hasValue(11);
    assertThat(lost.stderr())
        .anyMatch(line -> line.startsWith("SIGSEGV (0xb) at pc="))
        .anyMatch(line -> line.startsWith("Problematic frame:"));
    assertThat(litter()).isEqualTo(before);
  }

  /** Files that crashes leave in the working directory. */
  private static List<Path> litter() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(""))) {
      return files.filter(f -> f.toString().matches("(hs_err|core|replay).*")).sorted().toList();
    }
  }
}
