package dev.warren.worker.link;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A folder of its own for one Unix domain socket, which only this user can open. Thread-safe.
 *
 * <p>The path of such a socket is short by the system's rule, while a temporary folder may be long,
 * missing, read-only or full. So it is made in the first of these that takes it: the JVM's
 * temporary folder, the user's run-time folder, {@code /tmp}, {@code /var/tmp}, the working
 * directory.
 *
 * @param path the folder, mode 0700
 * @param server bound to {@link #socket()}
 */
public record SocketFolder(Path path, ServerSocketChannel server) {
  /** Longest path of a socket in bytes, on Linux; 103 on macOS. */
  public static final int LONGEST_PATH = 107;

  private static final String NAME = "link";

  /** What {@link Files#createTempDirectory} adds: at most a 64-bit number, and two separators. */
  private static final int RANDOM_PART = 20 + 2;

  /**
   * Binds a new socket.
   *
   * @param prefix how the folder's name begins
   * @param backlog connections that may wait
   * @throws IOException in one line, with each folder that was tried and why it does not do
   */
  public static SocketFolder open(String prefix, int backlog) throws IOException {
    return open(candidates(), prefix, backlog);
  }

  /** The same in the first of these folders that takes it. */
  static SocketFolder open(List<Path> candidates, String prefix, int backlog) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (Path parent : candidates) {
      int length = bytes(parent) + RANDOM_PART + prefix.length() + NAME.length();
      if (length > LONGEST_PATH) {
        refusals.add(
            parent
                + " (its "
                + bytes(parent)
                + " bytes are too long: a socket's path may have "
                + LONGEST_PATH
                + ")");
        continue;
      }
      try {
        return in(parent, prefix, backlog);
      } catch (IOException e) {
        refusals.add(parent + " (" + reason(e) + ")");
      }
    }
    throw new IOException(
        "no folder takes the socket of the children: "
            + String.join(", ", refusals)
            + "; make room in one of them, or give a short one that can be written to:"
            + " -Djava.io.tmpdir=DIR (for the program warren: WARREN_JVM_OPTIONS)");
  }

  private static SocketFolder in(Path parent, String prefix, int backlog) throws IOException {
    Path folder = Files.createTempDirectory(parent, prefix);
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        server.bind(UnixDomainSocketAddress.of(folder.resolve(NAME)), backlog);
        return new SocketFolder(folder, server);
      } catch (IOException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      Files.deleteIfExists(folder.resolve(NAME));
      Files.deleteIfExists(folder);
      throw e;
    }
  }

  /** Where a socket may be, the place most wanted first; absolute. */
  private static List<Path> candidates() {
    Set<Path> folders = new LinkedHashSet<>();
    String[] names = {
      System.getProperty("java.io.tmpdir"), System.getenv("XDG_RUNTIME_DIR"), "/tmp", "/var/tmp", ""
    };
    for (String name : names) {
      try {
        if (name != null) {
          folders.add(Path.of(name).toAbsolutePath());
        }
      } catch (InvalidPathException e) {
        // no folder has such a name
      }
    }
    return List.copyOf(folders);
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /** Java's exceptions for files have the file's name for a message. */
  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (e instanceof NotDirectoryException) {
      return "is no folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String text = String.valueOf(e.getMessage());
    return text.substring(text.lastIndexOf(": ") + 1).strip();
  }

  /** The socket's path. */
  public Path socket() {
    return path.resolve(NAME);
  }
}
