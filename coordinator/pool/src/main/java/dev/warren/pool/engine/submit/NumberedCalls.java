package dev.warren.pool.engine.submit;

import dev.warren.json.Lines;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.wire.CallRanges;
import java.util.BitSet;

/**
 * Sends the calls of one durable job. Their numbers come from the job's journal, and are the
 * indexes by which the receiver gets their outcomes. A call is entered first and sent later, when
 * the journal has recorded that. Thread-safe, except {@link #room} and {@link #nextChunk}, which
 * are confined to the thread that feeds the job.
 */
public final class NumberedCalls {
  /** Work sent ahead, in microseconds: keeps workers busy while nobody coordinates the job. */
  private static final double AHEAD_MICROS = 15 * 60 * 1e6;

  private final Submission.Parts parts;
  private final CallSpec spec;
  private final String job;
  private final Receiver receiver;
  private final CallTimes.Measured times;
  private final ChunkPlan plan;
  private final Window window = Window.ended();

  NumberedCalls(
      Submission.Parts parts, CallSpec spec, String job, int chunkSize, Receiver receiver) {
    this.parts = parts;
    this.spec = spec;
    this.job = job;
    this.receiver = receiver;
    this.times = parts.times().of(spec.function());
    this.plan = new ChunkPlan(chunkSize, times, parts.capacity()::chunkMicros);
  }

  /**
   * Number of further calls that keep the workers busy; 0 or less if there are enough, or if so few
   * have ended that reading more does not pay yet.
   *
   * @param rest number of calls not entered yet
   */
  public long room(long rest) {
    int limit = spec.options().window();
    if (limit == 0) {
      int slots = parts.capacity().slots();
      limit =
          Math.max(
              window.limit(plan, slots, nextChunk(rest), parts.capacity().wayMicros()),
              window.ahead(slots, times, AHEAD_MICROS));
    }
    long open = parts.table().openCalls();
    return open > 0 && limit - open < limit / 4 ? 0 : limit - open;
  }

  /**
   * Number of calls for the next message.
   *
   * @param rest number of calls not entered yet
   */
  public int nextChunk(long rest) {
    return plan.next(parts.capacity().slots(), rest);
  }

  /** Number of messages that were sent and that the broker has not confirmed. */
  public int unconfirmed() {
    return parts.publisher().unconfirmed();
  }

  /** Enters calls with consecutive numbers, which are sent in one message. */
  public PendingTask enter(long first, int count) {
    PendingTask task = task(first, count);
    parts.table().add(task);
    plan.sent(count);
    return task;
  }

  /**
   * Sends an entered task.
   *
   * @param args a JSON array of arguments per call
   */
  public void send(PendingTask task, Lines args) {
    window.add(args.bytes(0, args.count()), args.count());
    parts.publisher().send(task, spec, job, args);
  }

  /** Enters the open calls of a task that an earlier coordinator sent. */
  public void enterSent(long first, CallRanges open, int count) {
    PendingTask task = task(first, count);
    BitSet isOpen = new BitSet(count);
    open.forEach(number -> isOpen.set((int) (number - first)));
    for (int i = isOpen.nextClearBit(0); i < count; i = isOpen.nextClearBit(i + 1)) {
      task.endedBefore(i);
    }
    parts.table().add(task);
    parts.publisher().sentBefore(task);
  }

  /** Sends the open calls of a task again that no queue and no worker has. */
  public void sendAgain(PendingTask task, Lines args) {
    parts.publisher().sendAgain(task, spec, job, args);
  }

  /** Tells the workers to drop all calls in flight; the outcomes of those sent still arrive. */
  public void abandon() {
    var unused = parts.canceller().abandonAllOf(receiver, true);
  }

  /** Another attempt of an ended call may be running; cancels it. */
  public void overtaken(long number) {
    parts.canceller().add(number, true);
  }

  private PendingTask task(long first, int count) {
    long expires = parts.clock().expiryOf(spec.options());
    return new PendingTask(first, count, first, receiver, times, expires);
  }
}
