package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.SocketFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Accepts children's links: a Unix domain socket in a folder that only this user can open. A child
 * presents the token it was started with, once; any other link is closed. Confined to the loop.
 */
public final class LinkServer {
  private static final Logger log = Logs.of(LinkServer.class);

  /** Maximum length of the first frame, HELLO, since the sender is unknown before it. */
  static final int HELLO_BYTES = 1024;

  /** Time limit for that frame, in milliseconds. */
  static final long HELLO_WITHIN_MS = 10_000;

  /** Maximum number of links that have not sent HELLO; beyond it the oldest is closed. */
  static final int MAX_STRANGERS = 256;

  /**
   * Maximum length of a child's frame: at most a quarter of this process's heap, so that one child
   * cannot fill it.
   */
  static final int FRAME_BYTES =
      (int) Math.min(Frame.MAX_LENGTH, Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4));

  private final EventLoop loop;
  private final SocketFolder folder;
  private final ServerSocketChannel server;
  private final Map<String, Consumer<ChildLink>> expected = new HashMap<>();
  // oldest first
  private final Set<ChildLink> strangers = new LinkedHashSet<>();
  private long refusals;

  private LinkServer(EventLoop loop, SocketFolder folder) {
    this.loop = loop;
    this.folder = folder;
    this.server = folder.server();
  }

  /** Listens in a new folder; {@link #accept} must be called next, on the loop. */
  public static LinkServer open(EventLoop loop) throws IOException {
    return new LinkServer(loop, SocketFolder.open("warren-", 1024));
  }

  /** Starts to accept links. */
  public void accept() {
    try {
      loop.register(server, SelectionKey.OP_ACCEPT, this::acceptAll);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot accept links of children", e);
    }
  }

  public Path socket() {
    return folder.socket();
  }

  /** The folder of the socket, also for other files that children need while this worker runs. */
  public Path folder() {
    return folder.path();
  }

  /** Calls {@code opened} once a child has presented {@code token}. */
  public void expect(String token, Consumer<ChildLink> opened) {
    expected.put(token, opened);
  }

  public void forget(String token) {
    expected.remove(token);
  }

  private void acceptAll() {
    try {
      for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
        letIn(ChildLink.open(loop, channel));
      }
    } catch (IOException e) {
      log.warn("could not accept a child's link: {}", e.getMessage());
    }
  }

  private void letIn(ChildLink link) {
    link.limitFrames(HELLO_BYTES);
    link.listen(frame -> hello(link, frame), reason -> refused(link, reason));
    strangers.add(link);
    if (strangers.size() > MAX_STRANGERS) {
      strangers.iterator().next().close("more than " + MAX_STRANGERS + " links without HELLO");
    }
    loop.after(
        HELLO_WITHIN_MS,
        () -> {
          if (strangers.contains(link)) {
            link.close("no HELLO within " + HELLO_WITHIN_MS / 1000 + " s");
          }
        });
  }

  private void refused(ChildLink link, @Nullable String reason) {
    if (strangers.remove(link) && reason != null && Long.bitCount(++refusals) == 1) {
      log.info(
          "refused a link: {} (refusal {}; the next one logged is twice that number)",
          reason,
          refusals);
    }
  }

  private void hello(ChildLink link, Frame frame) {
    if (frame.type() != FrameType.HELLO) {
      throw new LinkException("first frame is " + frame.type() + ", not HELLO");
    }
    Hello hello = Hello.read(frame);
    Consumer<ChildLink> opened = expected.remove(hello.token());
    if (opened == null || hello.version() != Hello.VERSION) {
      // usually a child that was killed while it started
      link.close(opened == null ? "unknown token" : "version " + hello.version());
      return;
    }
    strangers.remove(link);
    link.limitFrames(FRAME_BYTES);
    link.withdraws(hello.withdraw());
    opened.accept(link);
  }

  public void close() {
    try {
      server.close();
      for (Path file : files()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder());
    } catch (IOException e) {
      log.debug("link folder {} is left behind: {}", folder(), e.getMessage());
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder())) {
      return List.of(); // the guard has deleted it
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files.toList();
    }
  }
}
