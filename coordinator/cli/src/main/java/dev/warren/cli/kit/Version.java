package dev.warren.cli.kit;

import dev.warren.worker.config.WarrenVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "warren " + WarrenVersion.number(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
