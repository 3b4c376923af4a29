package dev.warren.worker.consume;

import dev.warren.wire.TaskMessage;
import dev.warren.worker.supervise.Supervisor;
import java.util.function.BooleanSupplier;

/** What this worker knows when a task is delivered. Confined to the loop. */
final class WorkerFacts implements DeliveryTriage.Facts {
  private final HeldTasks tasks;
  private final OwnerStatus owners;
  private final OwnerClocks clocks;
  private final Refusals refusals;
  private final Supervisor supervisor;
  private final BooleanSupplier draining;

  WorkerFacts(
      HeldTasks tasks,
      OwnerStatus owners,
      OwnerClocks clocks,
      Refusals refusals,
      Supervisor supervisor,
      BooleanSupplier draining) {
    this.tasks = tasks;
    this.owners = owners;
    this.clocks = clocks;
    this.refusals = refusals;
    this.supervisor = supervisor;
    this.draining = draining;
  }

  @Override
  public boolean holds(String id) {
    return tasks.contains(id);
  }

  @Override
  public boolean holdsLive(String id) {
    HeldTask held = tasks.get(id);
    return held != null && held.delivery().live();
  }

  @Override
  public boolean hasSettled(String id) {
    return tasks.hasSettled(id);
  }

  @Override
  public boolean draining() {
    return draining.getAsBoolean();
  }

  @Override
  public boolean isUnwanted(TaskMessage task) {
    return owners.isUnwanted(task);
  }

  @Override
  public long delayMillis(TaskMessage task) {
    return clocks.delayMillis(task);
  }

  @Override
  public double averageMicros(TaskMessage task) {
    return supervisor.averageMicros(task.function().toString());
  }

  @Override
  public boolean passesOn(TaskMessage task) {
    return refusals.passesOn(task);
  }

  @Override
  public boolean holdsIsolated() {
    return tasks.anyIsolated();
  }
}
