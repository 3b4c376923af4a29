package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import dev.warren.testkit.ManualLoop;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.supervise.FakeChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which links are accepted as children's. */
class LinkServerTest {
  private final ManualLoop loop = new ManualLoop();
  private final List<ChildLink> opened = new ArrayList<>();
  private LinkServer server;

  @BeforeEach
  void listen() throws IOException {
    server = LinkServer.open(loop);
    server.accept();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    loop.close();
  }

  private FakeChild child(String token) {
    return new FakeChild("w-1", token, 1, server.socket());
  }

  private void settle() {
    loop.settle();
    loop.settle();
  }

  @Test
  void token_is_accepted_once() {
    server.expect("t", opened::add);
    FakeChild first = child("t").connect();
    settle();
    assertThat(opened).hasSize(1);
    assertThat(opened.get(0).withdraws()).isTrue();
    FakeChild second = child("t").connect();
    settle();
    assertThat(second.linkEnded()).isTrue();
    assertThat(first.linkEnded()).isFalse();
  }

  @Test
  void forgotten_token_and_wrong_version_are_refused() {
    server.expect("t", opened::add);
    server.forget("t");
    FakeChild forgotten = child("t").connect();
    server.expect("u", opened::add);
    FakeChild old = child("u").open();
    old.send(new Hello(0, "u", 1, false).frame());
    settle();
    assertThat(forgotten.linkEnded() && old.linkEnded()).isTrue();
    assertThat(opened).isEmpty();
  }

  @Test
  void first_frame_must_be_a_short_hello() {
    FakeChild other = child("t").open();
    other.send(Frame.empty(FrameType.READY));
    FakeChild tooLong = child("t").open();
    tooLong.send(new Frame(FrameType.HELLO, Payload.of("x".repeat(LinkServer.HELLO_BYTES))));
    FakeChild noHeader = child("t").open();
    noHeader.send(new Frame(FrameType.HELLO, Payload.of("no json")));
    settle();
    assertThat(List.of(other, tooLong, noHeader)).allMatch(FakeChild::linkEnded);
  }

  @Test
  void silent_link_is_closed_after_ten_seconds() {
    FakeChild silent = child("t").open();
    loop.advanceMillis(LinkServer.HELLO_WITHIN_MS - 1);
    assertThat(silent.linkEnded()).isFalse();
    loop.advanceMillis(1);
    assertThat(silent.linkEnded()).isTrue();
  }

  @Test
  void of_too_many_unidentified_links_the_oldest_is_closed() {
    FakeChild oldest = child("t").open();
    settle();
    for (int i = 0; i < LinkServer.MAX_STRANGERS; i++) {
      child("t").open();
    }
    settle();
    assertThat(oldest.linkEnded()).isTrue();
  }

  @Test
  void frames_to_a_slow_child_are_written_when_it_reads() {
    server.expect("t", opened::add);
    FakeChild child = child("t").connect();
    settle();
    byte[] large = new byte[4 << 20];
    Arrays.fill(large, (byte) 'x');
    opened.get(0).send(new Frame(FrameType.SETUP, Payload.of(large)));
    for (int round = 0; round < 1000 && !child.got(FrameType.SETUP); round++) {
      settle();
    }
    assertThat(child.only(FrameType.SETUP).payload().length()).isEqualTo(large.length);
  }

  @Test
  void nothing_is_sent_to_or_received_from_a_closed_link() {
    server.expect("t", opened::add);
    child("t").connect();
    settle();
    ChildLink link = opened.get(0);
    List<String> ends = new ArrayList<>();
    link.listen(
        frame -> {
          throw new IllegalStateException("cannot be taken in");
        },
        ends::add);
    link.close("reason");
    link.close("another");
    link.send(Frame.empty(FrameType.QUIT));
    settle();
    assertThat(ends).containsExactly("reason");
    assertThat(link.hasEnded()).isTrue();
  }

  @Test
  void frame_that_cannot_be_handled_ends_the_link() {
    server.expect("t", opened::add);
    FakeChild child = child("t").connect();
    settle();
    List<String> ends = new ArrayList<>();
    opened
        .get(0)
        .listen(
            frame -> {
              throw new IllegalStateException("on purpose");
            },
            ends::add);
    child.ready();
    settle();
    assertThat(ends).singleElement().asString().contains("cannot handle a frame", "on purpose");
  }

  @Test
  void failed_write_leaves_the_end_to_reading() {
    server.expect("t", opened::add);
    FakeChild child = child("t").connect();
    settle();
    List<String> ends = new ArrayList<>();
    opened.get(0).listen(frame -> {}, ends::add);
    child.ready().closeLink();
    loop.step(() -> opened.get(0).send(Frame.empty(FrameType.QUIT)));
    settle();
    assertThat(ends).hasSize(1);
  }

  @Test
  void folder_is_removed_with_its_content() throws IOException {
    Path folder = server.folder();
    Files.writeString(folder.resolve("class-path"), "x");
    server.close();
    assertThat(folder).doesNotExist();
    server.close();
  }
}
