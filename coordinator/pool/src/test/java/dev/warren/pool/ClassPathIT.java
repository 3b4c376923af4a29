package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.warren.task.ChildContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Long class paths, and class paths that change under running children. */
@Timeout(120)
class ClassPathIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final ConcurrentLinkedQueue<String> recycled = new ConcurrentLinkedQueue<>();

  /** Functions that run in the children. */
  public static final class Calls {
    private Calls() {}

    /** The result of a class in the jar. */
    public static int answerOf(String type) throws ReflectiveOperationException {
      return (int) Class.forName(type).getMethod("answer").invoke(null);
    }

    /** Acts as a function that needs a missing optional library. */
    public static int lackALibrary(int ignored) {
      throw new NoClassDefFoundError("com/acme/Optional");
    }

    public static long pid(int ignored) {
      return ProcessHandle.current().pid();
    }

    public static long heap(int ignored) {
      return Runtime.getRuntime().maxMemory();
    }
  }

  private Pool.Builder builder() {
    return Pool.builder()
        .processes(1)
        .listener(
            new PoolListener() {
              @Override
              public void childRecycled(String child, long pid, String reason) {
                recycled.add(reason);
              }
            });
  }

  @Test
  void a_child_is_replaced_once_its_jar_was_overwritten_and_a_class_cannot_be_loaded()
      throws IOException {
    Path jar = folder.resolve("app.jar");
    Map<String, byte[]> classes = compiled();
    pack(jar, classes, 0);
    try (Pool pool = builder().classPath(List.of(jar)).open()) {
      assertThat(pool.apply(Calls::answerOf, "acme.One")).isEqualTo(42);
      pack(jar, classes, 100_000);
      await()
          .atMost(SOON)
          .until(() -> catchThrowable(() -> pool.apply(Calls::answerOf, "acme.Two")) == null);
      assertThat(pool.apply(Calls::answerOf, "acme.Two")).isEqualTo(43);
    }
    assertThat(recycled).hasSize(1);
    assertThat(recycled.peek()).contains("its class path have changed");
  }

  @Test
  void a_function_that_always_lacks_a_class_does_not_recycle_children() {
    try (Pool pool = builder().open()) {
      long pid = pool.apply(Calls::pid, 0);
      List<AsyncResult<Integer>> calls = new ArrayList<>();
      long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      while (System.nanoTime() < end) {
        AsyncResult<Integer> call = pool.applyAsync(Calls::lackALibrary, 1);
        assertThat(call.await(SOON)).isTrue();
        calls.add(call);
      }
      assertThat(calls).noneMatch(AsyncResult::successful);
      assertThat(pool.apply(Calls::pid, 0)).isEqualTo(pid);
    }
    assertThat(recycled).isEmpty();
  }

  @Test
  void a_class_path_longer_than_the_system_takes_as_an_argument_works() throws IOException {
    Path jar = folder.resolve("last one, with \"quotes\" and spaces.jar");
    pack(jar, compiled(), 0);
    List<Path> jars = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      jars.add(folder.resolve("x".repeat(100) + i + ".jar"));
    }
    jars.add(jar);
    assertThat(jars.toString().length()).isGreaterThan(131_072);
    try (Pool pool = builder().classPath(jars).open()) {
      assertThat(pool.apply(Calls::answerOf, "acme.One")).isEqualTo(42);
    }
  }

  @Test
  void a_program_that_exceeds_a_system_limit_is_named_with_the_limit() {
    ChildContext long1 = ChildContext.command("/bin/cat", "x".repeat(200_000));
    try (Pool pool = builder().context(long1).open()) {
      assertThat(catchThrowable(() -> pool.apply(Calls::pid, 1)))
          .hasMessageContaining("cannot start /bin/cat")
          .hasMessageContaining("131072 bytes for one")
          .hasMessageNotContaining("setsid");
    }
  }

  @Test
  void the_heaps_of_all_children_fit_into_the_memory_unless_the_user_says() {
    try (Pool pool = builder().processes(7).open()) {
      long heap = pool.apply(Calls::heap, 1);
      assertThat(heap).isLessThanOrEqualTo(memory() / 9);
    }
    ChildContext own = ChildContext.jvm().options("-Xmx777m");
    try (Pool pool = builder().processes(7).context(own).open()) {
      assertThat(pool.apply(Calls::heap, 1)).isBetween(700L << 20, 777L << 20);
    }
  }

  private static long memory() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** Two classes that are on no class path. */
  private Map<String, byte[]> compiled() throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path out = Files.createDirectories(folder.resolve("out"));
    Map<String, byte[]> classes = new TreeMap<>();
    int answer = 42;
    for (String name : List.of("One", "Two")) {
      Path source = sources.resolve(name + ".java");
      Files.writeString(
          source,
          "package acme; public class %s { public static int answer() { return %d; } }"
              .formatted(name, answer++));
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, "-d", out.toString(), source.toString());
      assertThat(code).isZero();
      classes.put(
          "acme/" + name + ".class", Files.readAllBytes(out.resolve("acme/" + name + ".class")));
    }
    return classes;
  }

  /** Overwrites the existing file, as {@code cp} does. */
  private static void pack(Path jar, Map<String, byte[]> classes, int padding) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.setLevel(0);
      zip.putNextEntry(new ZipEntry("padding"));
      zip.write(new byte[padding]);
      for (Map.Entry<String, byte[]> one : classes.entrySet()) {
        zip.putNextEntry(new ZipEntry(one.getKey()));
        zip.write(one.getValue());
      }
    }
  }
}
