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
 * A private folder for one Unix domain socket that only this user can open. Thread-safe.
 *
 * <p>The path of such a socket has a small maximum length, while a temporary folder's path may be
 * long, and the folder may be missing, read-only or full. So the folder is created in the first
 * suitable of these: the JVM's temporary folder, the user's runtime folder, {@code /tmp}, {@code
 * /var/tmp}, the working directory.
 *
 * @param path the folder, mode 0700
 * @param server bound to {@link #socket()}
 */
public record SocketFolder(Path path, ServerSocketChannel server) {
  /** Maximum length of a socket's path in bytes, on Linux; 103 on macOS. */
  public static final int LONGEST_PATH = 107;

  private static final String NAME = "link";

  /**
   * Characters that {@link Files#createTempDirectory} adds: at most a 64-bit number, and two
   * separators.
   */
  private static final int RANDOM_PART = 20 + 2;

  /**
   * Binds a new socket.
   *
   * @param prefix prefix of the folder's name
   * @param backlog maximum number of pending connections
   * @throws IOException with one line that names each folder tried and why it is not suitable
   */
  public static SocketFolder open(String prefix, int backlog) throws IOException {
    return open(candidates(), prefix, backlog);
  }

  /** Binds a new socket in the first suitable one of these folders. */
  static SocketFolder open(List<Path> candidates, String prefix, int backlog) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (Path parent : candidates) {
      int length = bytes(parent) + RANDOM_PART + prefix.length() + NAME.length();
      if (length > LONGEST_PATH) {
        refusals.add(
            parent
                + " (its "
                + bytes(parent)
                + " bytes are too long: a socket's path may have at most "
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
        "no folder for the socket of the children: "
            + String.join(", ", refusals)
            + "; free space in one of them, or set a writable folder with a short path:"
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

  /** Candidate folders, absolute, by preference. */
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

  /**
   * The reason in words, because the message of Java's file exceptions is often just the file's
   * name.
   */
  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (e instanceof NotDirectoryException) {
      return "is not a folder";
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
