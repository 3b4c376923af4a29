package dev.warren.worker.child;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.child.call.AllowedCode;
import dev.warren.worker.child.call.Arguments;
import dev.warren.worker.child.call.ChildValues;
import dev.warren.worker.child.call.ClassPathWatch;
import dev.warren.worker.child.call.ExceptionReader;
import dev.warren.worker.child.call.FailureWriter;
import dev.warren.worker.child.call.FunctionFinder;
import dev.warren.worker.child.call.Overloads;
import dev.warren.worker.child.call.TargetMethod;
import dev.warren.worker.child.loop.CallIntake;
import dev.warren.worker.child.loop.CallQueue;
import dev.warren.worker.child.loop.ChildExit;
import dev.warren.worker.child.loop.ParentLink;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.InitFailedHeader;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.Setup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A child: connects to the supervisor that started it, initializes itself, and runs calls until
 * told to quit. A child process exits when its link ends, whatever it is doing; a child that is a
 * thread of its supervisor's process can only be interrupted.
 */
public final class ChildMain {
  private static final Payload NO_ARGUMENTS = Payload.of("[]");

  private final CallQueue queue;
  private final CallIntake intake;
  private final boolean ownProcess;
  private final Thread runner;

  private ChildMain(ParentLink link, boolean ownProcess) {
    this.ownProcess = ownProcess;
    this.runner = Thread.currentThread();
    this.queue = new CallQueue(link, runner, TimeSource.SYSTEM, ownProcess);
    this.intake = new CallIntake(link, queue, ownProcess, runner);
  }

  /** Started by a supervisor, with its link in the environment; not for direct use. */
  public static void main(String[] args) throws IOException {
    String socket = System.getenv(Hello.SOCKET_VARIABLE);
    String token = System.getenv(Hello.TOKEN_VARIABLE);
    if (socket == null || token == null) {
      System.err.println("a worker starts its children itself: try 'warren worker --help'");
      System.exit(2);
      return;
    }
    run(Path.of(socket), token);
    ChildExit.asAsked();
  }

  /** Runs this process's child until it is told to quit. The caller then exits the process. */
  static void run(Path socket, String token) throws IOException {
    ChildMain child = new ChildMain(ParentLink.connect(socket), true);
    child.run(token);
    child.intake.stop();
  }

  /**
   * Runs a child on the calling thread, until it is told to quit or the link ends; for children
   * that are threads of their supervisor's process. Interrupting the thread interrupts the call.
   *
   * @throws IOException if the link cannot be opened or breaks during the start
   */
  public static void serve(Path socket, String token) throws IOException {
    ParentLink link = ParentLink.connect(socket);
    ChildMain child = new ChildMain(link, false);
    try {
      child.run(token);
    } finally {
      child.queue.close();
      link.close();
    }
  }

  private void run(String token) throws IOException {
    queue.post(new Hello(Hello.VERSION, token, pid(), true).frame());
    queue.flush();
    Frame first = intake.first();
    if (first == null || first.type() != FrameType.SETUP) {
      throw new LinkException("expected SETUP, got " + (first == null ? "the end" : first.type()));
    }
    Setup setup = Setup.read(first);
    if (ownProcess) {
      Runtime.getRuntime().addShutdownHook(NamedThreads.unstarted("child-flush", new Flush()));
    }
    NamedThreads.start("child-watcher", intake.new Watcher());
    ClassPathWatch classPath =
        ClassPathWatch.over(
            ownProcess ? System.getProperty("java.class.path", "") : "", TimeSource.SYSTEM);
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    runner.setContextClassLoader(loader);
    AllowedCode allowed = AllowedCode.of(setup);
    ChildValues values = new ChildValues(setup.json(), allowed, loader);
    FunctionFinder functions = new FunctionFinder(allowed, loader, values);
    FailureWriter failures =
        new FailureWriter(
            new RemoteFailure.Where(setup.host(), pid(), setup.child()),
            new ExceptionReader(ExceptionReader.WITHIN));
    RemoteFailure failure = initialise(setup, functions, values, failures);
    if (failure != null) {
      queue.post(InitFailedHeader.frame(failure));
      queue.flush();
      return;
    }
    queue.post(Frame.empty(FrameType.READY));
    queue.flush();
    prepare(setup.likely(), functions);
    CallContext context = new CallContext(queue, setup.child(), setup.worker(), TimeSource.SYSTEM);
    new CallRunner(
            queue,
            intake,
            new CallRunner.Code(functions, classPath),
            failures,
            context,
            TimeSource.SYSTEM,
            setup.maxResultBytes())
        .run();
  }

  /** Read from /proc if possible: ProcessHandle creates thread pools that a child does not need. */
  private static long pid() {
    try {
      return Long.parseLong(new File("/proc/self").getCanonicalFile().getName());
    } catch (IOException | NumberFormatException e) {
      return ProcessHandle.current().pid();
    }
  }

  private static @Nullable RemoteFailure initialise(
      Setup setup, FunctionFinder functions, ChildValues values, FailureWriter failures) {
    String json = setup.json();
    if (json != null) {
      try {
        values.get();
      } catch (Throwable e) {
        return failures.initializerFailed(json, e);
      }
    }
    String initializer = setup.initializer();
    if (initializer == null) {
      return null;
    }
    try {
      FunctionRef ref = FunctionRef.parse(initializer, setup.initializerDigest());
      Payload given = setup.initArgs();
      Payload args = given == null ? NO_ARGUMENTS : given;
      TargetMethod callee = functions.find(ref).select(null, args, true);
      callee.invoke(Arguments.read(callee, null, args, true));
      return null;
    } catch (Throwable e) {
      return failures.initializerFailed(initializer, e);
    }
  }

  /**
   * Does work in advance of the first call that would take longer than the call: opens jars, loads
   * classes. Runs no user code: the function's class is not initialized.
   */
  private void prepare(@Nullable String likely, FunctionFinder functions) {
    if (likely == null) {
      return;
    }
    try {
      Overloads overloads = functions.find(FunctionRef.parse(likely, null));
      if (ownProcess && queue.hasNone()) {
        WarmUp.ofScalars();
      }
      if (ownProcess && queue.hasNone() && overloads.needJson()) {
        WarmUp.ofObjects();
      }
    } catch (RuntimeException | LinkageError e) {
      // no such function, or another build of a library: a call that needs it fails and reports why
    }
  }

  // a class, not a lambda: the first lambda of a process costs about 20 ms

  /** Sends what is waiting when user code exits the process. */
  private final class Flush implements Runnable {
    @Override
    public void run() {
      queue.flush();
    }
  }
}
