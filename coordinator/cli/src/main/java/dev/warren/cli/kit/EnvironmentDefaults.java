package dev.warren.cli.kit;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads an option that is not on the command line from its environment variable,
 * WARREN_OPTION_NAME.
 */
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
    // Compose sets unset variables to an empty value, which counts as unset.
    String value = environment.get(variable(option));
    return value == null || value.isBlank() ? null : value;
  }

  /** Returns {@code WARREN_MAX_ATTEMPTS} for {@code --max-attempts}. */
  static String variable(OptionSpec option) {
    return "WARREN_"
        + option.longestName().replaceFirst("^--?", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
