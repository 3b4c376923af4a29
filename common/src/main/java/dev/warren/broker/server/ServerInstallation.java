package dev.warren.broker.server;

import dev.warren.broker.BrokerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the programs of a RabbitMQ server are: on this machine itself, or in a folder that holds a
 * small system with that server in it. Such a server runs in a chroot, with {@code /proc}, {@code
 * /dev} and the temporary folder mounted in a mount namespace of its own: the mounts end with its
 * processes, whatever ends those. Needs root; the network is the machine's. Immutable.
 *
 * @param root the folder; {@code /} for this machine itself
 */
public record ServerInstallation(Path root) {
  private static final Path MACHINE = Path.of("/");
  private static final String PROGRAMS = "usr/lib/rabbitmq/bin";
  private static final String LIBRARIES = "usr/lib/rabbitmq/lib";
  private static final String LIBRARY = "rabbitmq_server-";

  /** Mounts what a server needs into the tree $1, then becomes the program $2 in there. */
  private static final String ENTER =
      """
      root=$1
      shift
      mkdir -p "$root$TMPDIR" && mount --bind "$TMPDIR" "$root$TMPDIR" \\
        && mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev" \\
        && cd / && exec chroot "$root" "$@"
      """;

  /** The server installed on this machine, whether or not there is one. */
  public static ServerInstallation own() {
    return new ServerInstallation(MACHINE);
  }

  /** Whether there is a server. */
  public boolean isThere() {
    return Files.isExecutable(root.resolve(PROGRAMS).resolve("rabbitmq-server"));
  }

  /**
   * The server's version, such as {@code 4.0.5}; empty where there is none.
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
   * The command line of one of the server's own programs, for a process that has {@code TMPDIR},
   * the folder above the server's own, in its environment.
   */
  List<String> server(String program, String... arguments) {
    return command("/" + PROGRAMS + "/" + program, arguments);
  }

  /** The same for any program of that system. */
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
