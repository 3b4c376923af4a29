package dev.warren.worker.child.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No thread but the test's own, which acts as the runner and the watcher in turn. */
class ReaderHandoffTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long LONG_AFTER = NOW + TimeUnit.SECONDS.toNanos(1);

  @TempDir Path folder;
  private ServerSocketChannel supervisor;
  private ParentLink link;
  private ReaderHandoff handoff;

  @BeforeEach
  void connect() throws IOException {
    Path socket = folder.resolve("s");
    supervisor = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    supervisor.bind(UnixDomainSocketAddress.of(socket));
    link = ParentLink.connect(socket);
    handoff = new ReaderHandoff(link, Thread.currentThread(), NOW);
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    supervisor.close();
  }

  @Test
  void while_a_child_initialises_the_watcher_reads() {
    handoff.ticked(NOW, WAIT, false);

    assertThat(handoff.watcherIsToRead()).isTrue();
  }

  @Test
  void a_runner_without_calls_reads_itself_and_the_watcher_does_not() {
    assertThat(handoff.runnerIsToRead(false, false, NOW)).isTrue();
    handoff.ticked(LONG_AFTER, WAIT, false);

    assertThat(handoff.watcherIsToRead()).isFalse();
  }

  @Test
  @Timeout(600)
  void a_runner_that_starts_to_read_stops_the_watcher() throws IOException {
    handoff.ticked(NOW, WAIT, false);

    assertThat(handoff.runnerIsToRead(false, false, NOW)).isTrue();

    assertThat(handoff.watcherIsToRead()).isFalse();
    // returns at once, since it was woken
    link.watchers.await(Long.MAX_VALUE);
  }

  @Test
  void a_runner_with_calls_runs_them_first() {
    assertThat(handoff.runnerIsToRead(true, false, NOW)).isFalse();
  }

  @Test
  void an_ending_runner_does_not_wait_for_calls() {
    assertThat(handoff.runnerIsToRead(false, true, NOW)).isFalse();
  }

  @Test
  void short_calls_are_left_to_the_runner() {
    handoff.runnerIsToRead(false, false, NOW);
    handoff.runnerIsToRead(true, false, NOW);
    handoff.ticked(NOW + WAIT, WAIT, false);

    assertThat(handoff.watcherIsToRead()).isFalse();
  }

  @Test
  void the_watcher_reads_during_a_long_call() {
    handoff.runnerIsToRead(false, false, NOW);
    handoff.runnerIsToRead(true, false, NOW);
    handoff.ticked(NOW + WAIT, WAIT, true);

    assertThat(handoff.watcherIsToRead()).isTrue();
  }

  @Test
  void the_watcher_reads_when_the_runner_has_been_busy_for_long() {
    handoff.runnerIsToRead(false, false, NOW);
    handoff.runnerIsToRead(true, false, NOW);
    handoff.runnerIsToRead(true, false, LONG_AFTER);
    handoff.ticked(LONG_AFTER, WAIT, false);

    assertThat(handoff.watcherIsToRead()).isTrue();
  }
}
