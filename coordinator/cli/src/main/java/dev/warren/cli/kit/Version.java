package dev.warren.cli.kit;

import dev.warren.worker.config.WarrenVersion;
import picocli.CommandLine.IVersionProvider;

/** Output of {@code --version}. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "warren " + WarrenVersion.number(),
      "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
