package dev.warren.cli.worker;

import dev.warren.cli.kit.Program;

/** The worker as a program of its own, for hosts that have nothing but the worker's jars. */
public final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] args) {
    System.exit(Program.run(new WorkerCommand(), args));
  }
}
