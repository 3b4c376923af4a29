package dev.warren.worker.child;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Json;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A child: connects to the supervisor that started it, initialises, runs calls until it is told to
 * quit. A child process ends with its link, whatever it is doing; one that is a thread of its
 * supervisor's process can only be interrupted.
 */
public final class ChildMain {
  private final ParentLink link;
  private final CallDesk desk;
  private final boolean ownProcess;
  private final Thread runner;
  // ends the ticker of a child that is a thread
  private volatile boolean over;

  private ChildMain(ParentLink link, boolean ownProcess) {
    this.link = link;
    this.ownProcess = ownProcess;
    this.runner = Thread.currentThread();
    this.desk = new CallDesk(link, runner, TimeSource.SYSTEM);
  }

  /** Started by a supervisor, with its link in the environment; of no use to people. */
  public static void main(String[] args) throws IOException {
    String socket = System.getenv(Hello.SOCKET_VARIABLE);
    String token = System.getenv(Hello.TOKEN_VARIABLE);
    if (socket == null || token == null) {
      System.err.println("a worker starts its children itself: try 'warren worker --help'");
      System.exit(2);
      return;
    }
    new ChildMain(ParentLink.connect(Path.of(socket)), true).run(token);
    Ending.asAsked();
  }

  /**
   * Is a child in the calling thread, until told to quit or until the link ends; for children that
   * are threads of their supervisor's process. An interrupt of the thread interrupts the call.
   *
   * @throws IOException if the link cannot be made or breaks during the start
   */
  public static void serve(Path socket, String token) throws IOException {
    ParentLink link = ParentLink.connect(socket);
    ChildMain child = new ChildMain(link, false);
    try {
      child.run(token);
    } finally {
      child.over = true;
      link.close();
    }
  }

  private void run(String token) throws IOException {
    Hello hello = new Hello(Hello.VERSION, token, ProcessHandle.current().pid());
    desk.post(Frame.of(FrameType.HELLO, hello));
    desk.flush();
    Frame first = link.read();
    if (first == null || first.type() != FrameType.SETUP) {
      throw new LinkException("expected SETUP, got " + (first == null ? "the end" : first.type()));
    }
    Setup setup = first.header(Setup.class);
    if (ownProcess) {
      Runtime.getRuntime().addShutdownHook(NamedThreads.unstarted("child-flush", desk::flush));
    }
    NamedThreads.start("child-reader", this::read);
    NamedThreads.start("child-ticker", this::tick);
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    runner.setContextClassLoader(loader);
    FunctionFinder functions = new FunctionFinder(AllowedCode.of(setup), loader);
    FailureWriter failures =
        new FailureWriter(
            new RemoteFailure.Where(setup.host(), ProcessHandle.current().pid(), setup.child()));
    RemoteFailure failure = initialise(setup, functions, failures);
    if (failure != null) {
      desk.post(Frame.of(FrameType.INIT_FAILED, failure));
      desk.flush();
      return;
    }
    desk.post(Frame.of(FrameType.READY, Map.of()));
    desk.flush();
    CallContext context = new CallContext(desk, TimeSource.SYSTEM);
    new CallRunner(desk, functions, failures, context, TimeSource.SYSTEM, setup.maxResultBytes())
        .run();
  }

  private static @Nullable RemoteFailure initialise(
      Setup setup, FunctionFinder functions, FailureWriter failures) {
    String initializer = setup.initializer();
    if (initializer == null) {
      return null;
    }
    try {
      FunctionRef ref = FunctionRef.parse(initializer, setup.initializerDigest());
      Payload args = setup.initArgs() == null ? Payload.of("[]") : Json.write(setup.initArgs());
      Callee callee = functions.find(ref).select(null, args);
      callee.invoke(Arguments.read(callee, null, args));
      return null;
    } catch (Throwable e) {
      return failures.initializerFailed(initializer, e);
    }
  }

  /** The reader thread: until the link ends, and the child with it. */
  private void read() {
    try {
      for (Frame frame = link.read(); frame != null; frame = link.read()) {
        receive(frame);
      }
    } catch (IOException e) {
      complain(e);
    } catch (RuntimeException | Error e) {
      complain(e);
    } finally {
      if (ownProcess) {
        Ending.withParent();
      }
      desk.quit();
      runner.interrupt();
    }
  }

  /** To stderr, which the supervisor keeps as evidence. */
  private static void complain(Throwable e) {
    System.err.println("child ends: its link broke: " + e);
  }

  private void receive(Frame frame) {
    switch (frame.type()) {
      case CALLS -> desk.put(Batch.of(frame));
      case INTERRUPT -> desk.cancel(frame.header(CallMark.class));
      case QUIT -> desk.quit();
      default -> throw new LinkException("a child takes no " + frame.type() + " frame");
    }
  }

  private void tick() {
    while (!over) {
      LockSupport.parkNanos(this, desk.tick());
    }
  }
}
