package dev.warren.cli.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Selects the broker's URI: {@code --broker} or the file of {@code --broker-file}, each also from
 * its environment variable. The command line takes precedence over the environment; setting both in
 * the same place is an error. Stateless.
 */
public final class BrokerChoice {
  private BrokerChoice() {}

  /**
   * Returns the URI; null if neither option was given.
   *
   * @param spec the command with both options
   * @throws CommandFailure if both were given in the same place, or the file has no URI
   */
  public static @Nullable String of(
      CommandSpec spec, @Nullable String broker, @Nullable Path file) {
    if (broker == null || file == null) {
      return file == null ? broker : read(file);
    }
    ParseResult parsed = spec.commandLine().getParseResult();
    boolean brokerTyped = parsed.hasMatchedOption("--broker");
    boolean fileTyped = parsed.hasMatchedOption("--broker-file");
    if (brokerTyped == fileTyped) {
      throw CommandFailure.usage(
          brokerTyped
              ? "both --broker and --broker-file are given; give one of them"
              : "both WARREN_BROKER and WARREN_BROKER_FILE are set; set one of them");
    }
    return brokerTyped ? broker : read(file);
  }

  /** Whether the URI was given on the command line with its password. */
  static boolean typedWithPassword(CommandSpec spec, String broker) {
    return Program.showsPassword(broker)
        && spec.commandLine().getParseResult().hasMatchedOption("--broker");
  }

  /** Returns the first line of the file, stripped. */
  private static String read(Path file) {
    String line;
    if (Files.isDirectory(file)) {
      throw CommandFailure.usage("--broker-file " + file + " is a folder; it must be a file");
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      line = reader.readLine();
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "--broker-file " + file + ": no such file", e);
    } catch (IOException e) {
      // the exception's message about a wrong character could show a part of the file
      String why = Files.isReadable(file) ? "is not UTF-8 text" : "is not readable by this user";
      throw new CommandFailure(ExitCode.USAGE, "--broker-file " + file + " " + why, e);
    }
    if (line == null || line.isBlank()) {
      throw CommandFailure.usage(
          "--broker-file "
              + file
              + " has an empty first line; it must be the broker's URI,"
              + " amqp://user:password@host:5672/vhost");
    }
    return line.strip();
  }
}
