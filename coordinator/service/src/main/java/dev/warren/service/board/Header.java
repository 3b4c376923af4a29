package dev.warren.service.board;

import dev.warren.jobs.progress.Spans;
import dev.warren.service.workers.WorkerState;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The pool in one sentence, and the numbers in it. Immutable.
 *
 * @param sentence such as {@code 20 hosts, 320 slots: 301 busy, 12 starting, 7 idle. 12,310 calls
 *     queued ≈ 4 min. 2 causes of failure. Broker fine.}
 * @param hosts number of different hosts with workers
 * @param starting slots whose children do not take calls yet
 * @param queued calls of active jobs that have not ended and are not running
 * @param messages ready messages of the task queues, of jobs and of other programs
 * @param queuedSeconds how long the workers need for the queued calls at their present rate; null
 *     if unknown
 * @param causes number of different causes of failures of recent jobs
 * @param dead number of dead letters
 * @param broker fine, lost or blocked with its reason
 * @param ageMillis for how long a worker has been silent that should have been heard of; 0 if none
 * @param level ok, warn or bad
 */
public record Header(
    String sentence,
    String pool,
    int hosts,
    int slots,
    int busy,
    int starting,
    int idle,
    long queued,
    long messages,
    @Nullable Long queuedSeconds,
    int causes,
    long dead,
    String broker,
    long ageMillis,
    String version,
    String level) {

  /**
   * What the header is made of. Immutable.
   *
   * @param perSecond calls that the workers end per second; 0 if unknown
   */
  public record Facts(
      String pool,
      List<WorkerState> workers,
      long queued,
      long messages,
      double perSecond,
      int causes,
      long dead,
      String broker,
      String version) {}

  /** Summarizes the facts. */
  public static Header of(Facts facts) {
    List<WorkerState> workers = facts.workers;
    int hosts = (int) workers.stream().map(WorkerState::host).distinct().count();
    int slots = workers.stream().mapToInt(WorkerState::slots).sum();
    int busy = workers.stream().mapToInt(WorkerState::busy).sum();
    int starting = workers.stream().mapToInt(WorkerState::starting).sum();
    int idle = Math.max(0, slots - busy - starting);
    boolean known = facts.perSecond > 0 && facts.queued > 0;
    Long seconds = known ? Math.round(facts.queued / facts.perSecond) : null;
    String sentence =
        workers(hosts, slots, facts.broker)
            + (slots == 0 ? "" : slots(busy, starting, idle))
            + queue(facts, seconds)
            + causes(facts.causes)
            + (facts.dead == 0 ? "" : " " + count(facts.dead, "dead letter") + ".")
            + " Broker "
            + facts.broker
            + ".";
    return new Header(
        sentence,
        facts.pool,
        hosts,
        slots,
        busy,
        starting,
        idle,
        facts.queued,
        facts.messages,
        seconds,
        facts.causes,
        facts.dead,
        facts.broker,
        workers.stream()
            .filter(WorkerState::isLate)
            .mapToLong(WorkerState::ageMillis)
            .max()
            .orElse(0),
        facts.version,
        level(facts, slots));
  }

  private static String workers(int hosts, int slots, String broker) {
    if (hosts == 0) { // heartbeats do not pass a broker that is blocked
      return broker.equals("fine") ? "No worker is connected." : "No worker is heard.";
    }
    return count(hosts, "host") + ", " + count(slots, "slot") + ":";
  }

  private static String slots(int busy, int starting, int idle) {
    return " "
        + number(busy)
        + " busy"
        + (starting == 0 ? "" : ", " + number(starting) + " starting")
        + ", "
        + number(idle)
        + " idle.";
  }

  private static String queue(Facts facts, @Nullable Long seconds) {
    if (facts.queued > 0) {
      return " "
          + count(facts.queued, "call")
          + " queued"
          + (seconds == null ? "" : " ≈ " + Spans.text(seconds))
          + ".";
    }
    return facts.messages > 0
        ? " " + count(facts.messages, "message") + " queued."
        : " Nothing queued.";
  }

  private static String causes(int causes) {
    return causes == 0
        ? ""
        : " " + number(causes) + (causes == 1 ? " cause" : " causes") + " of failure.";
  }

  private static String count(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String level(Facts facts, int slots) {
    boolean waits = facts.queued > 0 || facts.messages > 0;
    if (facts.broker.equals("lost") || (slots == 0 && waits)) {
      return "bad";
    }
    return facts.causes > 0 || facts.dead > 0 || !facts.broker.equals("fine") ? "warn" : "ok";
  }
}
