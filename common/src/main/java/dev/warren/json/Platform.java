package dev.warren.json;

/** Recognizes the Java platform's own classes. Stateless. */
final class Platform {
  private static final ClassLoader LOADER = ClassLoader.getPlatformClassLoader();

  private Platform() {}

  /** Whether a class belongs to the JDK. */
  static boolean has(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == LOADER;
  }
}
