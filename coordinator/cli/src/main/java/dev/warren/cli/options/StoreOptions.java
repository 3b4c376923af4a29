package dev.warren.cli.options;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that selects the store of durable jobs. */
public final class StoreOptions {
  @Option(
      names = "--store",
      paramLabel = "FOLDER|URL",
      description =
          "where jobs are kept: a folder, or jdbc:postgresql://host/database?user=…; default:"
              + " $XDG_STATE_HOME/warren or ~/.local/state/warren")
  private @Nullable String store;

  /** The given store, or the user's state folder. */
  public String store() {
    return store == null ? stateFolder(System.getenv()) : store;
  }

  private static String stateFolder(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base =
        xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(xdg);
    return base.resolve("warren").toString();
  }
}
