package dev.warren.cli.kit;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * Where a command prints. A command whose constructor takes streams gets those of its program;
 * tests pass others. Immutable.
 *
 * @param out for results
 * @param err for everything else
 */
public record Streams(PrintStream out, PrintStream err) {
  /** The process's streams, printable if the program is already running. */
  static Streams ofProcess() {
    return new Streams(System.out, System.err);
  }

  /** Whether this process's standard output is a terminal; Java has no method for that. */
  public static boolean isOutTerminal() {
    return isTerminal("/proc/self/fd/1");
  }

  /** Whether this process's standard error is a terminal. */
  public static boolean isErrTerminal() {
    return isTerminal("/proc/self/fd/2");
  }

  private static boolean isTerminal(String descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Boolean.getBoolean("warren.terminal"); // not Linux: set by the script ./warren
    }
  }

  /** Creates commands with these streams, or with no argument. */
  IFactory factory() {
    IFactory usual = CommandLine.defaultFactory();
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> each : type.getDeclaredConstructors()) {
          if (each.getParameterCount() == 1 && each.getParameterTypes()[0] == Streams.class) {
            each.setAccessible(true);
            return type.cast(each.newInstance(Streams.this));
          }
        }
        return usual.create(type);
      }
    };
  }
}
