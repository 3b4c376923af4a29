package dev.warren.pool.engine.submit;

import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.Payload;
import java.util.function.BooleanSupplier;

/**
 * The way of calls to the workers: numbers them, packs them into tasks, enters them into the table
 * of pending calls, publishes them, and cancels them. Thread-safe.
 */
public final class Submission {
  private final PendingCalls table;
  private final CallNumbers numbers;
  private final TaskPublisher publisher;
  private final Canceller canceller;
  private final OwnerClock clock;
  private final Backlog backlog;
  private final Parts parts;
  private final SingleCallBatcher batcher;
  private final DetachedCalls detached;

  /**
   * Creates a submission without calls.
   *
   * @param backlog results that wait for their consumer; while it is full, lazy jobs read no input
   * @param terminated whether new calls must end at once instead of being sent
   */
  public Submission(
      SubmissionConfig config,
      Capacity capacity,
      Backlog backlog,
      EngineThreads threads,
      TimeSource time,
      BooleanSupplier terminated) {
    this.backlog = backlog;
    table = new PendingCalls(this::taskEnded, this::taskGoesOn, config.meters());
    numbers = new CallNumbers(config.owner());
    publisher = new TaskPublisher(config, table, threads, time, terminated);
    canceller = new Canceller(config, table, threads, terminated);
    clock = new OwnerClock(config, threads, time);
    parts =
        new Parts(numbers, table, publisher, canceller, clock, new CallTimes(), capacity, threads);
    batcher = new SingleCallBatcher(parts, terminated);
    detached = new DetachedCalls(config, clock, time);
  }

  /** The collaborators of batchers and feeds. */
  record Parts(
      CallNumbers numbers,
      PendingCalls table,
      TaskPublisher publisher,
      Canceller canceller,
      OwnerClock clock,
      CallTimes times,
      Capacity capacity,
      EngineThreads threads) {}

  /** The calls that are sent or about to be sent and have not ended. */
  public PendingCalls table() {
    return table;
  }

  /** Cancels calls. */
  public Canceller canceller() {
    return canceller;
  }

  /** The clock by which calls expire. */
  public OwnerClock clock() {
    return clock;
  }

  /** Sends a call, alone or with others, now or within about a millisecond. */
  public void submit(CallSpec spec, Payload args, SingleReceiver receiver) {
    batcher.submit(spec, args, receiver);
  }

  /** After the termination: ends all calls that were submitted one by one and are not sent. */
  public void endUnsent() {
    batcher.endAll();
  }

  /** Publishes calls whose outcomes nobody waits for. */
  public DetachedCalls detached() {
    return detached;
  }

  /** Sends all calls that wait to share a message. */
  public void flush() {
    batcher.flush();
  }

  /**
   * Creates the feed of a job; {@link InputFeed#start} begins its work.
   *
   * @param chunkSize calls per message; 0 for a size by measured call time
   * @param lazy whether results wait for a consumer, which releases their calls
   */
  public <T> InputFeed<T> feed(
      CallSpec spec, Input<T> input, int chunkSize, boolean lazy, JobReceiver receiver) {
    return new InputFeed<>(parts, backlog, spec, input, chunkSize, lazy, receiver);
  }

  /**
   * Sends calls of one function whose numbers the receiver assigns.
   *
   * @param job the id of their job
   * @param chunkSize calls per message; 0 for a size by measured call time
   */
  public NumberedCalls numbered(CallSpec spec, String job, int chunkSize, Receiver receiver) {
    return new NumberedCalls(parts, spec, job, chunkSize, receiver);
  }

  /**
   * Another attempt of an ended call may be running; cancels it. Ignores numbers that were never
   * assigned.
   */
  public void overtaken(long number) {
    if (numbers.isAssigned(number)) {
      canceller.add(number, true);
    }
  }

  private void taskEnded(PendingTask task) {
    publisher.ended(task);
  }

  private void taskGoesOn(PendingTask task) {
    publisher.sendNextPart(task);
  }
}
