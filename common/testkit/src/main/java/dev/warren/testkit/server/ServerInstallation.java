package dev.warren.testkit.server;

import dev.warren.broker.BrokerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The location of a RabbitMQ server's programs: this machine, or a folder that holds a small root
 * file system with that server. Such a server runs in a chroot, with {@code /proc}, {@code /dev}
 * and the temporary folder mounted in a private mount namespace, so the mounts end with its
 * processes. Needs root; the network is the machine's. Immutable.
 *
 * @param root the folder; {@code /} for this machine
 */
public record ServerInstallation(Path root) {
  private static final Path MACHINE = Path.of("/");
  private static final String PROGRAMS = "usr/lib/rabbitmq/bin";
  private static final String LIBRARIES = "usr/lib/rabbitmq/lib";
  private static final String LIBRARY = "rabbitmq_server-";

  /** Mounts what a server needs into the tree $1, then executes the program $2 in it. */
  private static final String ENTER =
      """
      root=$1
      shift
      mkdir -p "$root$TMPDIR" && mount --bind "$TMPDIR" "$root$TMPDIR" \\
        && mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev" \\
        && cd / && exec chroot "$root" "$@"
      """;

  /** The server installed on this machine, which may not exist. */
  public static ServerInstallation own() {
    return new ServerInstallation(MACHINE);
  }

  /** Whether the server exists. */
  public boolean isThere() {
    return Files.isExecutable(root.resolve(PROGRAMS).resolve("rabbitmq-server"));
  }

  /**
   * The server's version, such as {@code 4.0.5}; empty if there is none.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public String version() {
    Path libraries = root.resolve(LIBRARIES);
    if (!Files.isDirectory(libraries)) {
      return "";
    }
    try (Stream<Path> entries = Files.list(libraries)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.startsWith(LIBRARY))
          .findFirst()
          .map(name -> name.substring(LIBRARY.length()))
          .orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException("looking for RabbitMQ in " + libraries, e);
    }
  }

  void require() {
    if (!isThere()) {
      throw new BrokerException(
          "RabbitMQ is not installed ("
              + root.resolve(PROGRAMS).resolve("rabbitmq-server")
              + "); on Debian: apt-get install --no-install-recommends rabbitmq-server");
    }
  }

  /**
   * Command line of one of the server's own programs, for a process whose environment has {@code
   * TMPDIR} set to the parent of the server's folder.
   */
  List<String> server(String program, String... arguments) {
    return command("/" + PROGRAMS + "/" + program, arguments);
  }

  /** Command line of any program in that root file system. */
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (!root.equals(MACHINE)) {
      command.addAll(
          List.of("unshare", "--mount", "/bin/sh", "-c", ENTER, "enter", root.toString()));
    }
    command.add(program);
    command.addAll(List.of(arguments));
    return command;
  }
}
