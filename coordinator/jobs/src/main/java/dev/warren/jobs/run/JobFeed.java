package dev.warren.jobs.run;

import dev.warren.jobs.journal.Journal;
import dev.warren.jobs.spec.Arguments;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.submit.NumberedCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Publishes the calls of a job, a window at a time: records in the journal in which messages they
 * go, and sends them once that is committed. Confined to the job's thread, except for what the
 * journal's thread hands back.
 */
final class JobFeed {
  /** Maximum bytes of arguments in a message. */
  private static final int MESSAGE_BYTES = 256 * 1024;

  /** Maximum bytes of arguments that wait for one commit. */
  private static final int WINDOW_BYTES = 4 << 20;

  /**
   * Messages that are recorded and that the broker has not confirmed: the next coordinator has to
   * find out about each of them whether it was sent, and the workers are idle meanwhile if these
   * are all.
   */
  private static final int MAX_WAITING = 4_096;

  private final StoredJob job;
  private final RoundPlan plan;
  private final Arguments arguments;
  private final NumberedCalls calls;
  private final Journal journal;
  private final Runnable wake;
  private final Queue<Message> committed = new ConcurrentLinkedQueue<>();
  // messages entered and not sent yet
  private int waiting;
  private long position;
  private double averageBytes;

  /**
   * Creates a feed.
   *
   * @param position number of calls of the plan that were published before
   * @param averageBytes expected bytes per line
   * @param wake called on the journal's thread when messages may be sent
   */
  JobFeed(
      StoredJob job,
      RoundPlan plan,
      long position,
      Arguments arguments,
      NumberedCalls calls,
      Journal journal,
      double averageBytes,
      Runnable wake) {
    this.job = job;
    this.plan = plan;
    this.position = position;
    this.arguments = arguments;
    this.calls = calls;
    this.journal = journal;
    this.averageBytes = averageBytes;
    this.wake = wake;
  }

  /** A message that is sent when its publication is recorded. */
  private record Message(PendingTask task, Lines args) {}

  /** Sends what has been committed. */
  void send() {
    boolean any = !committed.isEmpty();
    for (Message next = committed.poll(); next != null; next = committed.poll()) {
      waiting--;
      calls.send(next.task, next.args);
      CrashPoint.PARTLY_SENT.reached();
    }
    if (any) {
      CrashPoint.SENT.reached();
    }
  }

  /** Reads and records as many calls as the workers need; returns whether it did anything. */
  boolean readMore() {
    List<Message> window = new ArrayList<>();
    MessageSizes sizes = new MessageSizes();
    long bytes = 0;
    long rest = plan.size() - position;
    int more = MAX_WAITING - waiting - calls.unconfirmed();
    while (rest > 0 && bytes < WINDOW_BYTES && window.size() < more) {
      long room = calls.room(rest);
      if (room <= 0 || (room < calls.nextChunk(rest) && !window.isEmpty())) {
        break;
      }
      Message message = next((int) Math.min(room, calls.nextChunk(rest)));
      window.add(message);
      sizes.add(message.task.first, message.task.count);
      bytes += message.args.bytes(0, message.args.count());
      rest -= message.task.count;
    }
    if (window.isEmpty()) {
      return false;
    }
    waiting += window.size();
    CrashPoint.BEFORE_PUBLISHED.reached();
    journal
        .published(sizes.calls(), sizes.sizes(), position)
        .thenRun(
            () -> {
              CrashPoint.PUBLISHED.reached();
              committed.addAll(window);
              wake.run();
            });
    return true;
  }

  private Message next(int max) {
    int fitting = (int) Math.max(1, Math.min(max, MESSAGE_BYTES / Math.max(1, averageBytes)));
    RoundPlan.Run run = plan.at(position, fitting);
    Lines lines = arguments.of(job.input(run.index(), run.count()));
    averageBytes += ((double) lines.bytes(0, lines.count()) / lines.count() - averageBytes) / 8;
    int count = lines.count();
    while (count > 1 && lines.bytes(0, count) > MESSAGE_BYTES) {
      count /= 2;
    }
    position += count;
    PendingTask task = calls.enter(plan.number(run.index()), count);
    return new Message(task, count == lines.count() ? lines : lines.slice(0, count));
  }

  /** Sends again the calls of a task that was lost. */
  void sendAgain(PendingTask task) {
    Lines lines = job.input(CallNumber.index(task.first), task.count);
    calls.sendAgain(task, arguments.of(lines));
  }

  /** Forgets the calls that are not sent yet. */
  void drop() {
    committed.clear();
  }
}
