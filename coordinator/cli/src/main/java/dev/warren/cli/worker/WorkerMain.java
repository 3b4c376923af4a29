package dev.warren.cli.worker;

import dev.warren.cli.kit.Program;

/** The worker as a separate program, for hosts that have only the worker's jars. */
public final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] args) {
    System.exit(Program.run(new WorkerCommand(), args));
  }
}
