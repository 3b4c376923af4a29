package dev.warren.cli.kit;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes an option that is not on the command line from its variable, WARREN_OPTION_NAME. */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    // An empty variable, as Compose makes them for unset ones, is the same as none.
    String value = environment.get(variable(option));
    return value == null || value.isBlank() ? null : value;
  }

  /** {@code WARREN_MAX_ATTEMPTS} for {@code --max-attempts}. */
  static String variable(OptionSpec option) {
    return "WARREN_"
        + option.longestName().replaceFirst("^--?", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
