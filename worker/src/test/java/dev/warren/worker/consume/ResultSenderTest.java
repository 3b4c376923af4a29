package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.json.Lines;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import dev.warren.worker.consume.send.DeadLetterer;
import dev.warren.worker.consume.send.ReplyQueues;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.loop.SelectorLoop;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an owner is taken to be gone. */
class ResultSenderTest {
  private static final String OWNER = PoolNames.results("owner");

  private final ScriptedBroker broker = new ScriptedBroker();
  private final ExecutorService helper = NamedThreads.elastic("test-helper");
  private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
  private final CountDownLatch settled = new CountDownLatch(1);
  private SelectorLoop loop;

  @BeforeEach
  void start() throws IOException {
    loop = SelectorLoop.start(TimeSource.SYSTEM);
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    helper.shutdown();
    assertThat(loop.awaitStopped(5000)).isTrue();
  }

  private void sendOne() throws InterruptedException {
    loop.post(
        () -> {
          ResultSender sender = new ResultSender(broker, loop, "w-1", helper, gone::add);
          PoolNames names = new PoolNames("p");
          Republisher republisher = new Republisher(broker, names, loop, "w-1", helper);
          ReplyQueues replyQueues = new ReplyQueues(List.of());
          DeadLetterer quarantine =
              new DeadLetterer(broker, names, republisher, "w-1", replyQueues);
          CallSettlement ends =
              new CallSettlement(
                  loop,
                  sender,
                  republisher,
                  quarantine,
                  fate -> new Refusals(broker, names, loop, "w-1", helper, () -> true, fate));
          new HeldTask(
                  1,
                  task(),
                  false,
                  new Settled(),
                  ends,
                  new OwnerClocks(loop.time()),
                  run -> settled.countDown())
              .outcomes(0, Lines.single(Payload.of("{\"value\":1}")), 5);
        });
    assertThat(settled.await(180, TimeUnit.SECONDS)).isTrue();
  }

  private static TaskMessage task() {
    Map<String, Object> headers =
        Map.of(Headers.WARREN_VERSION, 1, Headers.FUNCTION, "a.B::c", Headers.CALLS, "7");
    try {
      return TaskMessage.of(
          new Message("t", TaskMessage.TYPE, OWNER, "c", 4, headers, Payload.of("[1]")));
    } catch (WireFormatException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void an_owner_whose_queue_does_not_exist_is_gone() throws Exception {
    broker.thenUnroutable().thenUnroutable().thenUnroutable();
    sendOne();
    assertThat(gone).containsExactly(OWNER);
    assertThat(broker.taken).isEmpty();
  }

  @Test
  void an_owner_whose_queue_was_made_anew_gets_its_outcome() throws Exception {
    broker.thenUnroutable();
    sendOne();
    assertThat(gone).isEmpty();
    assertThat(broker.taken).hasSize(1);
  }

  @Test
  void an_owner_whose_queue_cannot_be_asked_for_is_not_gone() throws Exception {
    broker.depthFails(
        new BrokerException("home node of durable queue 'q' in vhost '/' is down or inaccessible"));
    broker.thenUnroutable().thenUnroutable().thenUnroutable().thenUnroutable();
    sendOne();
    assertThat(gone).isEmpty();
    assertThat(broker.taken).hasSize(1);
  }

  private static final class Settled implements Delivery {
    @Override
    public Message message() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean redelivered() {
      return false;
    }

    @Override
    public void ack() {}

    @Override
    public void requeue() {}

    @Override
    public boolean live() {
      return true;
    }
  }
}
