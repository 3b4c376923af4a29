package dev.warren.worker.functions;

import java.util.List;

/**
 * Which classes are Warren's own: {@code dev.warren.**} but for {@code dev.warren.examples.**}.
 * They are never callable over a broker: one of them starts any command. A jar or folder that has
 * none of Warren's classes may use the package name, as the tests of this repository do.
 */
public final class WarrensOwn {
  private static final String PACKAGE = "dev.warren.";
  private static final String EXAMPLES = "dev.warren.examples.";

  /** A class of each of Warren's parts: a jar that has one of these holds Warren. */
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
          "dev.warren.cli.WarrenMain",
          "dev.warren.cli.dead.DeadCommand",
          "dev.warren.cli.doctor.DoctorCommand");

  private WarrensOwn() {}

  /** Whether the name is one that Warren's own classes have. */
  public static boolean mayBe(String className) {
    return className.startsWith(PACKAGE) && !className.startsWith(EXAMPLES);
  }

  /** Whether the class is one of the examples, which are nobody's foreign code. */
  static boolean isExample(String className) {
    return className.startsWith(EXAMPLES);
  }
}
