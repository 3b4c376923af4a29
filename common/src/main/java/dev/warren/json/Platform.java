package dev.warren.json;

/** Which classes are the Java platform's own. Stateless. */
final class Platform {
  private static final ClassLoader LOADER = ClassLoader.getPlatformClassLoader();

  private Platform() {}

  /** Whether a class comes with the JDK. */
  static boolean has(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == LOADER;
  }
}
