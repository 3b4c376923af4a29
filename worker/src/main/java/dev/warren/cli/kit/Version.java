package dev.warren.cli.kit;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "warren " + number(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }

  /** This program's version; what it says where the program is not packaged has no number. */
  public static String number() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
