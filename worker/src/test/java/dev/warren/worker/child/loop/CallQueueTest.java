package dev.warren.worker.child.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionCache;
import dev.warren.worker.child.TestChild;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.ReturnedHeader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No thread but the test's own, which acts as the runner and the watcher in turn. */
class CallQueueTest {
  @TempDir Path folder;
  private ServerSocketChannel supervisor;
  private ParentLink link;
  private FrameReader sent;
  private SocketChannel other;
  private CallQueue queue;
  private final Clock clock = new Clock();

  @BeforeEach
  void connect() throws IOException {
    Path socket = folder.resolve("s");
    supervisor = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    supervisor.bind(UnixDomainSocketAddress.of(socket));
    link = ParentLink.connect(socket);
    other = supervisor.accept();
    sent = new FrameReader(other);
    queue = new CallQueue(link, Thread.currentThread(), clock, false);
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    other.close();
    supervisor.close();
  }

  private static CallBatch twoCalls(long task) {
    return CallBatch.of(
        TestChild.header(task, 2, "a.B::c").frame(Payload.of("[0]\n[1]")), new FunctionCache());
  }

  @Test
  void calls_are_taken_in_the_order_they_were_put() {
    queue.put(List.of(twoCalls(1), twoCalls(2)));

    assertThat(queue.runnerIsToRead()).isFalse();
    assertThat(queue.next().header.task()).isEqualTo(1);
    assertThat(queue.runnerIsToRead()).isFalse();
    assertThat(queue.next().header.task()).isEqualTo(2);
    assertThat(queue.runnerIsToRead()).isTrue();
  }

  @Test
  void calls_withdrawn_before_the_runner_takes_them_are_returned_and_it_reads() throws IOException {
    queue.put(List.of(twoCalls(7)));
    assertThat(queue.runnerIsToRead()).isFalse();

    queue.withdraw();

    assertThat(queue.next()).isNull();
    assertThat(queue.quits()).isFalse();
    assertThat(queue.runnerIsToRead()).isTrue();
    Frame frame = sent.read();
    assertThat(frame.type()).isEqualTo(FrameType.RETURNED);
    assertThat(ReturnedHeader.read(frame)).isEqualTo(new ReturnedHeader(7, 0, 2));
  }

  @Test
  void a_runner_gets_no_calls_once_the_child_is_ending() {
    queue.put(List.of(twoCalls(1)));
    assertThat(queue.runnerIsToRead()).isFalse();

    queue.quit();

    assertThat(queue.next()).isNull();
    assertThat(queue.quits()).isTrue();
  }

  @Test
  void the_watcher_ticks_less_often_while_it_has_no_work() {
    assertThat(nextTickInCallOf(1)).isEqualTo(4);
    for (int i = 1; i < CallQueue.CALM_TICKS; i++) {
      nextTickInCallOf(1);
    }
    assertThat(nextTickInCallOf(1)).isEqualTo(10);

    nextTickInCallOf(6);

    assertThat(nextTickInCallOf(1)).isEqualTo(4);
  }

  @Test
  void outcomes_left_to_the_watcher_restore_its_interval() {
    for (int i = 0; i <= CallQueue.CALM_TICKS; i++) {
      nextTickInCallOf(1);
    }
    queue.put(List.of(twoCalls(1)));
    queue.runnerIsToRead();
    queue.next();
    queue.begin(clock.nanos());
    queue.outcome(new byte[] {'1'}, 1, clock.nanos());

    clock.millis += 6;
    queue.tick();

    assertThat(nextTickInCallOf(1)).isEqualTo(4);
  }

  /** Runs a call and lets the watcher tick at its end; returns its next interval in ms. */
  private long nextTickInCallOf(int millis) {
    queue.put(List.of(twoCalls(1)));
    queue.runnerIsToRead();
    queue.next();
    queue.begin(clock.nanos());
    clock.millis += millis;
    long wait = queue.tick();
    queue.outcome(new byte[] {'1'}, 1, clock.nanos());
    queue.withdraw();
    return TimeUnit.NANOSECONDS.toMillis(wait);
  }

  private static final class Clock implements TimeSource {
    private long millis;

    @Override
    public long nanos() {
      return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public long epochMillis() {
      return millis;
    }
  }
}
