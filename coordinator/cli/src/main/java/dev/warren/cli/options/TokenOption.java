package dev.warren.cli.options;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.service.ServiceConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option with a coordinator's token, which is only read from a file. */
public final class TokenOption {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "file whose first line is the coordinator's token: at least 16 letters, digits or"
              + " punctuation marks, as from: openssl rand -hex 32")
  private @Nullable Path file;

  /**
   * The token; null if the option is not given.
   *
   * @throws CommandFailure if the file has none
   */
  public @Nullable String token() {
    return file == null ? null : read(file);
  }

  private static String read(Path file) {
    String line;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      line = reader.readLine();
    } catch (IOException e) {
      // the exception's message about a wrong character could show a part of the file
      String why = Files.exists(file) ? " is not a readable text file" : ": no such file";
      throw new CommandFailure(ExitCode.USAGE, "--token-file " + file + why, e);
    }
    if (line == null || line.isBlank()) {
      throw CommandFailure.usage("--token-file " + file + " has an empty first line");
    }
    String token = line.strip();
    if (token.length() < ServiceConfig.SHORTEST_TOKEN) {
      throw CommandFailure.usage(
          "--token-file "
              + file
              + " has a token of "
              + token.length()
              + " characters; must have at least "
              + ServiceConfig.SHORTEST_TOKEN);
    }
    return token;
  }
}
