package dev.warren.worker.config;

import org.jspecify.annotations.Nullable;

/** The version of this Warren. */
public final class WarrenVersion {
  private WarrenVersion() {}

  /** The version number in the jar's manifest; "(not packaged)" when run from class files. */
  public static String number() {
    @Nullable String version = WarrenVersion.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
