package dev.warren.worker.history;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.TaskId;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.ExplainAnswer;
import dev.warren.wire.control.ExplainMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/** Answers questions about calls. Confined to the loop. */
public final class HistoryAnswers {
  private static final Logger log = Logs.of(HistoryAnswers.class);

  private final Broker broker;
  private final PoolNames names;
  private final EventLoop loop;
  private final Worker worker;
  private final CallHistories histories;
  private final Held held;
  private long sequence;

  /** The worker that answers. */
  public record Worker(String id, String host) {}

  /** The messages that a worker holds. */
  @FunctionalInterface
  public interface Held {
    void forEach(Consumer<CallHistory> action);
  }

  public HistoryAnswers(
      Broker broker,
      PoolNames names,
      EventLoop loop,
      Worker worker,
      CallHistories histories,
      Held held) {
    this.broker = broker;
    this.names = names;
    this.loop = loop;
    this.worker = worker;
    this.histories = histories;
    this.held = held;
  }

  /** Sends what is known of a call, possibly nothing. */
  public void answer(ExplainMessage question) {
    if (!question.replyTo().startsWith(names.explain())) {
      log.debug("a question about a call names the queue {}", question.replyTo());
      return;
    }
    Now now = Now.of(loop.time());
    ExplainAnswer answer =
        new ExplainAnswer(worker.id, worker.host, now.millis(), newest(find(question, now)));
    broker
        .publish(Route.toQueue(question.replyTo()), answer.toMessage(worker.id + ".e" + ++sequence))
        .whenComplete(
            (receipt, failure) -> log.debug("answered about a call: {}", receipt, failure));
  }

  private static List<ExplainAnswer.Task> newest(List<ExplainAnswer.Task> tasks) {
    return tasks.subList(Math.max(0, tasks.size() - ExplainAnswer.TASKS), tasks.size());
  }

  private List<ExplainAnswer.Task> find(ExplainMessage question, Now now) {
    List<ExplainAnswer.Task> found = new ArrayList<>();
    histories.forEachKept((id, history) -> find(question, history, now, found));
    held.forEach(history -> find(question, history, now, found));
    return found;
  }

  private void find(
      ExplainMessage question, Recorded history, Now now, List<ExplainAnswer.Task> found) {
    if (history.job().equals(question.job())) {
      for (long number : question.calls()) {
        int index = history.find(number);
        if (index >= 0) {
          found.add(history.tell(index, false, now));
        }
      }
    } else if (isMeant(question, history.message())) {
      found.add(history.tell(only(history.calls().count()), false, now));
    }
  }

  private void find(
      ExplainMessage question, CallHistory history, Now now, List<ExplainAnswer.Task> found) {
    TaskMessage task = history.task();
    if (task.job().equals(question.job())) {
      for (long number : question.calls()) {
        int index = history.find(number);
        if (index >= 0) {
          found.add(history.recorded(true).tell(index, true, now));
        }
      }
    } else if (isMeant(question, task.id())) {
      found.add(history.recorded(true).tell(only(task.count()), true, now));
    }
  }

  private static int only(int calls) {
    return calls == 1 ? 0 : -1;
  }

  private static boolean isMeant(ExplainMessage question, String id) {
    String asked = question.message();
    return asked != null && TaskId.rootOf(asked).equals(TaskId.rootOf(id));
  }
}
