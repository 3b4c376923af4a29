package dev.warren.worker.functions;

import java.util.List;

/**
 * Recognizes Warren's own classes: {@code dev.warren.**} except {@code dev.warren.examples.**}.
 * They are never callable over a broker, because one of them can start any command. A jar or folder
 * without Warren's classes may use the package name, as the tests of this repository do. Stateless.
 */
public final class WarrensOwn {
  private static final String PACKAGE = "dev.warren.";
  private static final String EXAMPLES = "dev.warren.examples.";

  /** One class of each part of Warren: a jar with one of these contains Warren. */
  public static final List<String> MARKERS =
      List.of(
          "dev.warren.task.TaskContext",
          "dev.warren.wire.FunctionRef",
          "dev.warren.broker.Broker",
          "dev.warren.lifecycle.NamedThreads",
          "dev.warren.worker.Worker",
          "dev.warren.cli.worker.WorkerMain",
          "dev.warren.worker.child.ChildMain",
          "dev.warren.worker.supervise.Supervisor",
          "dev.warren.cli.kit.Program",
          "dev.warren.pool.Pool",
          "dev.warren.pool.engine.Engine",
          "dev.warren.service.CoordinatorService",
          "dev.warren.cli.WarrenMain",
          "dev.warren.cli.dead.DeadCommand",
          "dev.warren.cli.doctor.DoctorCommand");

  private WarrensOwn() {}

  /** Whether the name may belong to one of Warren's own classes. */
  public static boolean mayBe(String className) {
    return className.startsWith(PACKAGE) && !className.startsWith(EXAMPLES);
  }

  /** Whether the class is one of the examples, which do not count as foreign code. */
  static boolean isExample(String className) {
    return className.startsWith(EXAMPLES);
  }
}
