package dev.warren.cli.options;

import dev.warren.cli.kit.CommandFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that select where a command finds jobs: a coordinator, or a store. */
public final class CoordinatorOptions {
  @Option(
      names = "--coordinator",
      paramLabel = "URL",
      description =
          "the coordinator to ask: http://127.0.0.1:8765; default: none, the store is used directly")
  private @Nullable String coordinator;

  @Mixin private TokenOption token = new TokenOption();

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description =
          "the pool of the jobs; default: that of the coordinator, or 'default' without one")
  private @Nullable String pool;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /**
   * The coordinator; null if the store is to be used directly. A typed {@code --store} wins over a
   * {@code WARREN_COORDINATOR} of the environment.
   *
   * @throws CommandFailure if it is not a URL, or both are typed
   */
  public @Nullable CoordinatorAddress coordinator() {
    if (coordinator == null) {
      return null;
    }
    boolean coordinatorTyped = isTyped("--coordinator");
    if (isTyped("--store")) {
      if (coordinatorTyped) {
        throw CommandFailure.usage("both --coordinator and --store are given; give one of them");
      }
      return null;
    }
    return new CoordinatorAddress(CoordinatorUrl.parse(coordinator), token.token(), pool);
  }

  private boolean isTyped(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** The store to use directly. */
  public String store() {
    return store.store();
  }

  /**
   * The command that starts a coordinator of these jobs, without what the environment tells it, and
   * without a URL, which may have a password.
   */
  public String coordinatorCommand() {
    StringBuilder command = new StringBuilder("warren coordinator");
    if (isTyped("--pool")) {
      command.append(" --pool ").append(pool());
    }
    if (isTyped("--store")) {
      boolean isUrl = store().startsWith("jdbc:");
      command.append(isUrl ? " and the same --store" : " --store " + word(store()));
    }
    return command.toString();
  }

  /** As a word of a shell. */
  private static String word(String text) {
    return text.matches("[\\w./~+@%:,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** The given pool; null if none is. */
  public @Nullable String givenPool() {
    return pool;
  }

  /** The pool whose jobs of the store are meant. */
  public String pool() {
    return pool == null ? "default" : pool;
  }
}
