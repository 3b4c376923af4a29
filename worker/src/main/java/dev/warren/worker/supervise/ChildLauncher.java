package dev.warren.worker.supervise;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.ChildContext;
import dev.warren.worker.config.HeapShare;
import dev.warren.worker.config.HostMemory;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.link.Hello;
import dev.warren.worker.supervise.archive.ClassDataArchive;
import dev.warren.worker.supervise.process.ChildEnvironment;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.JavaCommand;
import dev.warren.worker.supervise.process.LinkServer;
import dev.warren.worker.supervise.process.OsChildProcess;
import dev.warren.worker.supervise.process.ProcessTree;
import dev.warren.worker.supervise.process.Programs;
import dev.warren.worker.supervise.process.ThreadChildProcess;
import dev.warren.worker.supervise.process.WorkingFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Starts children as their {@link ChildContext} specifies. Starting blocks for milliseconds, so it
 * runs on a separate thread, one child at a time. Thread-safe.
 */
final class ChildLauncher {
  private static final Logger log = Logs.of(ChildLauncher.class);

  static final String CHILD_MAIN = "dev.warren.worker.child.ChildMain";

  /**
   * A child is one of many on its host: no parallel collector threads, no perf-data file, and an
   * initial heap of a 250th of the host's memory instead of a 64th, which grows if needed. It may
   * live for one call, so methods are compiled after ten times as many invocations as usual, which
   * saves a fifth of the processor time of its start; loops are compiled as early as usual. Every
   * child compiles the same methods again, so the second compiler (C2), which takes most of the
   * time, begins after thirty times as many invocations and rounds of loops as usual: a fraction of
   * a second of the method's own time.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Dfile.encoding=UTF-8", // as children are read; the default from Java 18 on
          "-XX:InitialRAMPercentage=0.4",
          "-Xshare:auto",
          "-XX:Tier3InvocationThreshold=2000",
          "-XX:Tier3MinInvocationThreshold=1000",
          "-XX:Tier3CompileThreshold=20000",
          "-XX:Tier4InvocationThreshold=150000",
          "-XX:Tier4MinInvocationThreshold=18000",
          "-XX:Tier4CompileThreshold=450000",
          "-XX:Tier4BackEdgeThreshold=1200000");

  /** Set in children of a program that runs from its source file, whose classes are in no file. */
  private static final String FROM_SOURCE = "warren.caller.from-source";

  /** Prefix of the JVM's command for {@code java Primes.java}. */
  private static final String SOURCE_LAUNCHER = "jdk.compiler/com.sun.tools.javac.launcher.";

  private final WorkerConfig config;
  private final String supervisor;
  private final LinkServer links;
  private final ProcessTree tree;
  private final WorkingFolder workingFolder = new WorkingFolder(Path.of("").toAbsolutePath());
  private final ExecutorService starter = NamedThreads.single("worker-starter");
  // confined to the starter thread
  private @Nullable ClassDataArchive archive;
  private @Nullable List<String> classPathArguments;
  private @Nullable List<String> heapOptions;

  ChildLauncher(WorkerConfig config, String supervisor, LinkServer links, ProcessTree tree) {
    this.config = config;
    this.supervisor = supervisor;
    this.links = links;
    this.tree = tree;
  }

  /** Starts a child that will present {@code token} on its link. */
  CompletableFuture<ChildProcess> start(String name, String token) {
    return CompletableFuture.supplyAsync(() -> startNow(name, token), starter);
  }

  private ChildProcess startNow(String name, String token) {
    try {
      ChildContext context = config.context();
      if (context instanceof ChildContext.Threads) {
        return ThreadChildProcess.start(name, links.socket(), token);
      }
      return OsChildProcess.start(
          name,
          builder(name, token),
          errorFile(context, name),
          tree,
          config.output(),
          () -> afterExit(name));
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Called on a JVM thread. */
  private void afterExit(String name) {
    try {
      starter.execute(() -> ended(name));
    } catch (RejectedExecutionException e) {
      // the worker has closed; the next one has its own recordings
    }
  }

  private void ended(String name) {
    if (archive != null) {
      archive.ended(name);
    }
  }

  /** How the child's process is started. Confined to the starter. */
  ProcessBuilder builder(String name, String token) throws IOException {
    ChildContext context = config.context();
    List<String> command = new ArrayList<>(Programs.ownSession());
    ProcessBuilder builder = new ProcessBuilder();
    Map<String, String> environment = builder.environment();
    ChildEnvironment.restrict(environment, config.childEnvironment());
    ChildEnvironment.makeUtf8(environment, System.getProperty("sun.jnu.encoding", "UTF-8"));
    if (context instanceof ChildContext.Jvm jvm) {
      command.addAll(javaCommand(jvm, name));
      surround(builder, jvm.environment(), jvm.workingDirectory());
    } else if (context instanceof ChildContext.Command program) {
      command.addAll(program.argv());
      surround(builder, program.environment(), program.workingDirectory());
    }
    environment.put(Hello.SOCKET_VARIABLE, links.socket().toString());
    environment.put(Hello.TOKEN_VARIABLE, token);
    environment.put(ProcessTree.SUPERVISOR_VARIABLE, supervisor);
    environment.put(ProcessTree.CHILD_VARIABLE, name);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    return builder.command(command);
  }

  private void surround(
      ProcessBuilder builder, Map<String, String> environment, @Nullable Path directory) {
    builder.environment().putAll(environment);
    builder.directory(directory == null ? workingFolder.ofChildren() : directory.toFile());
  }

  /** The file to which a JVM writes a crash report; null for other programs. */
  private @Nullable Path errorFile(ChildContext context, String name) {
    return context instanceof ChildContext.Jvm ? links.folder().resolve(name + ".crash") : null;
  }

  private List<String> javaCommand(ChildContext.Jvm jvm, String name) throws IOException {
    Path home = jvm.javaHome() == null ? Path.of(System.getProperty("java.home")) : jvm.javaHome();
    Path java = home.resolve("bin").resolve("java");
    List<Path> classPath = classPath();
    if (archive == null) {
      archive = ClassDataArchive.of(java, OPTIONS, classPath);
    }
    if (classPathArguments == null) {
      classPathArguments = JavaCommand.classPath(classPath, links.folder().resolve("class-path"));
    }
    if (heapOptions == null) {
      heapOptions = heapOptions(jvm);
    }
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(OPTIONS);
    command.addAll(archive.jvmOptions());
    command.addAll(archive.recordingOptions(name));
    command.addAll(heapOptions);
    command.add("-XX:ErrorFile=" + errorFile(jvm, name));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:-DumpReplayDataOnError");
    command.addAll(jvm.options());
    if (System.getProperty("sun.java.command", "").startsWith(SOURCE_LAUNCHER)) {
      command.add("-D" + FROM_SOURCE + "=true");
    }
    // visible in the process list, without other effect
    command.add("-Dwarren.child=" + name);
    command.addAll(classPathArguments);
    command.add(CHILD_MAIN);
    return command;
  }

  private List<String> heapOptions(ChildContext.Jvm jvm) {
    HeapShare share = HeapShare.of(config.processes() + config.spares());
    List<String> options = share.options(jvm);
    if (!options.isEmpty() && !share.warning().isEmpty()) {
      log.warn(share.warning());
    }
    if (config.hardMaxMemoryPerChild() == 0 && HostMemory.killedTogether()) {
      log.warn(
          "when this container runs out of memory the kernel kills this worker with all its children"
              + " (memory.oom.group): set --hard-max-memory-per-child, or the kubelet's"
              + " singleProcessOOMKill");
    }
    return options;
  }

  private List<Path> classPath() {
    List<Path> entries = new ArrayList<>(config.classPath());
    if (config.appPath() != null) {
      entries.addAll(expanded(config.appPath()));
    }
    entries.addAll(config.libraryPath());
    return entries;
  }

  /** Returns the path with each folder that contains jars replaced by its jars. */
  static List<Path> expanded(List<Path> path) {
    List<Path> entries = new ArrayList<>();
    for (Path entry : path) {
      entries.addAll(jarsIn(entry));
    }
    return entries;
  }

  /** Returns the jars of a folder that contains some, otherwise the path itself. */
  private static List<Path> jarsIn(Path entry) {
    if (!Files.isDirectory(entry)) {
      return List.of(entry);
    }
    try (var files = Files.list(entry)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      return jars.isEmpty() ? List.of(entry) : jars;
    } catch (IOException e) {
      return List.of(entry);
    }
  }

  void close() {
    starter.shutdown();
  }
}
