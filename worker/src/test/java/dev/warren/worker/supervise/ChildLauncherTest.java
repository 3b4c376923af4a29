package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.ChildContext;
import dev.warren.testkit.ManualLoop;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.link.Hello;
import dev.warren.worker.supervise.process.LinkServer;
import dev.warren.worker.supervise.process.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, environment and folder of a child's process. */
class ChildLauncherTest {
  @TempDir private Path folder;
  private final ManualLoop loop = new ManualLoop();
  private LinkServer links;

  @BeforeEach
  void open() throws IOException {
    links = LinkServer.open(loop);
  }

  @AfterEach
  void close() throws IOException {
    links.close();
    loop.close();
  }

  private ProcessBuilder builder(WorkerConfig.Builder config) throws IOException {
    ChildLauncher launcher =
        new ChildLauncher(config.build(), "w-1", links, new ProcessTree("w-1"));
    ProcessBuilder builder = launcher.builder("w-1-7", "t0ken");
    launcher.close();
    return builder;
  }

  @Test
  void child_finds_its_link_and_carries_its_mark_in_its_environment() throws IOException {
    ProcessBuilder builder =
        builder(WorkerConfig.builder().context(ChildContext.command("python3", "child.py")));
    assertThat(builder.environment())
        .containsEntry(Hello.SOCKET_VARIABLE, links.socket().toString())
        .containsEntry(Hello.TOKEN_VARIABLE, "t0ken")
        .containsEntry(ProcessTree.SUPERVISOR_VARIABLE, "w-1")
        .containsEntry(ProcessTree.CHILD_VARIABLE, "w-1-7");
    assertThat(builder.command()).endsWith("python3", "child.py");
    assertThat(builder.directory()).isEqualTo(Path.of("").toAbsolutePath().toFile());
  }

  @Test
  void program_has_its_own_variables_and_folder() throws IOException {
    ProcessBuilder builder =
        builder(
            WorkerConfig.builder()
                .context(
                    ChildContext.command("run").environment("MODE", "x").workingDirectory(folder)));
    assertThat(builder.environment()).containsEntry("MODE", "x");
    assertThat(builder.directory()).isEqualTo(folder.toFile());
  }

  @Test
  void jvm_is_the_workers_own_with_the_class_path_of_app_and_libraries() throws IOException {
    Path app = Files.createDirectory(folder.resolve("app"));
    Files.createFile(app.resolve("b.jar"));
    Files.createFile(app.resolve("a.jar"));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    ProcessBuilder builder =
        builder(
            WorkerConfig.builder()
                .classPath(List.of(classes))
                .appPath(List.of(app))
                .libraryPath(List.of(folder.resolve("gone")))
                .context(ChildContext.jvm().options("-Xmx64m")));
    List<String> command = builder.command();
    assertThat(command)
        .contains(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .contains("-Xmx64m", "-Dwarren.child=w-1-7", "-XX:-CreateCoredumpOnCrash")
        .contains("-XX:ErrorFile=" + links.folder().resolve("w-1-7.crash"))
        .endsWith(ChildLauncher.CHILD_MAIN);
    assertThat(command.get(command.indexOf("-cp") + 1))
        .isEqualTo(
            String.join(
                File.pathSeparator,
                classes.toString(),
                app.resolve("a.jar").toString(),
                app.resolve("b.jar").toString(),
                folder.resolve("gone").toString()));
  }

  @Test
  void another_java_can_be_named() throws IOException {
    ProcessBuilder builder =
        builder(
            WorkerConfig.builder()
                .classPath(List.of(folder))
                .context(ChildContext.jvm().javaHome(Path.of("/opt/java"))));
    assertThat(builder.command()).contains("/opt/java/bin/java");
  }
}
